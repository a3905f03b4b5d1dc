# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/6 'disk main: partition table'
gpt_table d1
step 2/6 'disk main partition 1 (ESP)'
gpt_partition d1 1 disk-main-ESP disk-main-ESP EF00 R 0 +100M 0 104857600 0000000000000000
step 3/6 'disk main partition 2 (empty)'
gpt_partition d1 2 disk-main-empty disk-main-empty 8300 R 0 +1G 0 1073741824 0000000000000000
step 4/6 'disk main partition 3 (root)'
gpt_partition d1 3 disk-main-root disk-main-root 8300 R 0 '-0' 0 0 0000000000000000
step 5/6 'disk main partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 6/6 'disk main partition 3 (root): ext4'
make_filesystem d1p3 ext4
finish
