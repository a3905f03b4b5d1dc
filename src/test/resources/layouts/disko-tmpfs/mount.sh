# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/3 'mount /'
mount_filesystem d1p2 ext4 / defaults
step 2/3 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
step 3/3 'mount /tmp'
mount_nodev tmpfs tmpfs tmpfs /tmp size=200M
finish
