# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/5 'disk main: partition table'
gpt_table d1
step 2/5 'disk main partition 1 (ESP)'
gpt_partition d1 1 disk-main-ESP disk-main-ESP EF00 R 0 +500M 0 524288000 0000000000000000
step 3/5 'disk main partition 2 (root)'
gpt_partition d1 2 disk-main-root disk-main-root 8300 R 0 '-0' 0 0 0000000000000000
step 4/5 'disk main partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 5/5 'disk main partition 2 (root): ext4'
make_filesystem d1p2 ext4
finish
