# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx sfdisk umount wipefs
disk d1 main /dev/sdb SERIAL-sdb '' 68719476736
step 1/2 'mount /'
mount_filesystem d1p3 ext4 / defaults
step 2/2 'mount /boot'
mount_filesystem d1p2 vfat /boot umask=0077
finish
