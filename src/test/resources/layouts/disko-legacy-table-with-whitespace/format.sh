# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mkfs.vfat mount parted partx sfdisk sgdisk umount wipefs
disk d1 vdb /dev/sda SERIAL-sda '' 68719476736
step 1/7 'disk vdb: partition table'
parted_table d1 gpt
step 2/7 'disk vdb partition 1 (ESP)'
parted_partition d1 gpt 1 ESP '-' 1MiB 100MiB boot
step 3/7 'disk vdb partition 2 (name with spaces)'
parted_partition d1 gpt 2 'name with spaces' '-' 100MiB 200MiB boot
step 4/7 'disk vdb partition 3 (root)'
parted_partition d1 gpt 3 root '-' 200MiB 100% boot
step 5/7 'disk vdb partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 6/7 'disk vdb partition 2 (name with spaces): vfat'
make_filesystem d1p2 vfat
step 7/7 'disk vdb partition 3 (root): ext4'
make_filesystem d1p3 ext4
finish
