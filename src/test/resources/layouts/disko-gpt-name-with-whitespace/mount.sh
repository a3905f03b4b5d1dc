# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 vdb /dev/disk/by-id/some-disk-id SERIAL-vdp '' 68719476736
step 1/4 'mount /'
mount_filesystem d1p4 ext4 / defaults
step 2/4 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
step 3/4 'mount /name with spaces'
mount_filesystem d1p2 vfat '/name with spaces' defaults
step 4/4 'mount /name^with\some@special#chars'
mount_filesystem d1p3 vfat '/name^with\some@special#chars' defaults
finish
