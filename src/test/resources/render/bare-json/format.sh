# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mount partx sgdisk umount wipefs
disk_at d1 main /dev/vdb
step 1/3 'disk main: partition table'
gpt_table d1
step 2/3 'disk main partition 1 (root)'
gpt_partition d1 1 disk-main-root disk-main-root 8300 R 0 '-0' 0 0 0000000000000000
step 3/3 'disk main partition 1 (root): ext4'
make_filesystem d1p1 ext4
finish
