# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mount partx sgdisk umount wipefs
disk d1 /dev/vdb /dev/vdb SERIAL-vdb '' 68719476736
step 1/4 'disk /dev/vdb: partition table'
gpt_table d1
step 2/4 'disk /dev/vdb partition 1 (boot)'
gpt_partition d1 1 disk-_dev_vdb-boot disk-_dev_vdb-boot EF02 R 0 +1M 0 1048576 0000000000000000
step 3/4 'disk /dev/vdb partition 2 (root)'
gpt_partition d1 2 disk-_dev_vdb-root disk-_dev_vdb-root 8300 R 0 '-0' 0 0 0000000000000000
step 4/4 'disk /dev/vdb partition 2 (root): ext4'
make_filesystem d1p2 ext4
finish
