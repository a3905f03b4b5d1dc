# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk_at d1 main /dev/vdb
step 1/1 'release /'
unmount_filesystem d1p1 /
finish
