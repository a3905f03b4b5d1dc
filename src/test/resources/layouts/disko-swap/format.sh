# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mkfs.vfat mkswap mount partx sgdisk swapoff swapon umount wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/9 'disk main: partition table'
gpt_table d1
step 2/9 'disk main partition 1 (ESP)'
gpt_partition d1 1 disk-main-ESP disk-main-ESP EF00 R 0 +500M 0 524288000 0000000000000000
step 3/9 'disk main partition 2 (encryptedSwap)'
gpt_partition d1 2 disk-main-encryptedSwap disk-main-encryptedSwap 8200 R 0 +10M 0 10485760 0000000000000000
step 4/9 'disk main partition 3 (root)'
gpt_partition d1 3 disk-main-root disk-main-root 8300 R 0 '-1G' 0 0 0000000000000000
step 5/9 'disk main partition 4 (plainSwap)'
gpt_partition d1 4 disk-main-plainSwap disk-main-plainSwap 8200 R 0 '-0' 0 0 0000000000000000
step 6/9 'disk main partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 7/9 'disk main partition 2 (encryptedSwap): left empty for encrypted swap'
expect_blank d1p2
step 8/9 'disk main partition 3 (root): ext4'
make_filesystem d1p3 ext4
step 9/9 'disk main partition 4 (plainSwap): swap'
make_swap d1p4
finish
