# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount parted partx sfdisk umount wipefs
disk d1 vdb /dev/sda SERIAL-sda '' 68719476736
step 1/3 'mount /'
mount_filesystem d1p3 ext4 / defaults
step 2/3 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
step 3/3 'mount /name_with_spaces'
mount_filesystem d1p2 vfat /name_with_spaces defaults
finish
