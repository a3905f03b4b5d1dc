# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 main /dev/disk/by-id/some-disk-id SERIAL-vdp '' 68719476736
step 1/2 'mount /'
mount_filesystem d1p2 xfs / defaults pquota
step 2/2 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
finish
