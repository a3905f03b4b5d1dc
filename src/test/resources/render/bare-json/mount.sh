# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk_at d1 main /dev/vdb
step 1/1 'mount /'
mount_filesystem d1p1 ext4 / defaults
finish
