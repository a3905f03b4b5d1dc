# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs
disk d1 vdb /dev/disk/by-id/some-disk-id SERIAL-vdp '' 68719476736
step 1/9 'disk vdb: partition table'
gpt_table d1
step 2/9 'disk vdb partition 1 (ESP)'
gpt_partition d1 1 disk-vdb-ESP disk-vdb-ESP EF00 R 0 +100M 0 104857600 0000000000000000
step 3/9 'disk vdb partition 2 (name with spaces)'
gpt_partition d1 2 'disk-vdb-name with spaces' 'disk-vdb-name\x20with\x20spaces' 8300 R 0 +100M 0 104857600 0000000000000000
step 4/9 'disk vdb partition 3 (name^with\some@special#chars)'
gpt_partition d1 3 bda9ca5ea830ae986b7f25657727a441c6d7 bda9ca5ea830ae986b7f25657727a441c6d7 8300 R 0 +100M 0 104857600 0000000000000000
step 5/9 'disk vdb partition 4 (root)'
gpt_partition d1 4 disk-vdb-root disk-vdb-root 8300 R 0 '-0' 0 0 0000000000000000
step 6/9 'disk vdb partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 7/9 'disk vdb partition 2 (name with spaces): vfat'
make_filesystem d1p2 vfat
step 8/9 'disk vdb partition 3 (name^with\some@special#chars): vfat'
make_filesystem d1p3 vfat
step 9/9 'disk vdb partition 4 (root): ext4'
make_filesystem d1p4 ext4
finish
