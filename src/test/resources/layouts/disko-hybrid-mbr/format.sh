# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mkfs.vfat mount partx sfdisk sgdisk umount wipefs
disk d1 main /dev/sdb SERIAL-sdb '' 68719476736
step 1/8 'disk main: partition table'
gpt_table d1
step 2/8 'disk main partition 1 (TOW-BOOT-FI)'
gpt_partition d1 1 disk-main-TOW-BOOT-FI disk-main-TOW-BOOT-FI EF00 R 0 +32M 0 33554432 0000000000000000
step 3/8 'disk main partition 2 (ESP)'
gpt_partition d1 2 disk-main-ESP disk-main-ESP EF00 R 0 +512M 0 536870912 0000000000000000
step 4/8 'disk main partition 3 (root)'
gpt_partition d1 3 disk-main-root disk-main-root 8300 R 0 '-0' 0 0 0000000000000000
step 5/8 'disk main: hybrid MBR'
gpt_hybrid d1 last 1:c:-
step 6/8 'disk main partition 1 (TOW-BOOT-FI): vfat'
make_filesystem d1p1 vfat
step 7/8 'disk main partition 2 (ESP): vfat'
make_filesystem d1p2 vfat
step 8/8 'disk main partition 3 (root): ext4'
make_filesystem d1p3 ext4
finish
