# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mdadm mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs
disk d1 one /dev/sda SERIAL-sda '' 68719476736
disk d2 two /dev/sdb SERIAL-sdb '' 68719476736
step 1/14 'disk one: partition table'
gpt_table d1
step 2/14 'disk one partition 1 (BOOT)'
gpt_partition d1 1 disk-one-BOOT disk-one-BOOT EF02 R 0 +1M 0 1048576 0000000000000000
step 3/14 'disk one partition 2 (ESP)'
gpt_partition d1 2 disk-one-ESP disk-one-ESP EF00 R 0 +500M 0 524288000 0000000000000000
step 4/14 'disk one partition 3 (mdadm)'
gpt_partition d1 3 disk-one-mdadm disk-one-mdadm 8300 R 0 '-0' 0 0 0000000000000000
step 5/14 'disk two: partition table'
gpt_table d2
step 6/14 'disk two partition 1 (boot)'
gpt_partition d2 1 disk-two-boot disk-two-boot EF02 R 0 +1M 0 1048576 0000000000000000
step 7/14 'disk two partition 2 (ESP)'
gpt_partition d2 2 disk-two-ESP disk-two-ESP EF00 R 0 +500M 0 524288000 0000000000000000
step 8/14 'disk two partition 3 (mdadm)'
gpt_partition d2 3 disk-two-mdadm disk-two-mdadm 8300 R 0 '-0' 0 0 0000000000000000
step 9/14 'array boot'
make_array boot 1 1.0 d1p2 d2p2 '--'
step 10/14 'array boot: vfat'
make_filesystem /dev/md/boot vfat
step 11/14 'array raid1'
make_array raid1 1 default d1p3 d2p3 '--'
step 12/14 'array raid1: partition table'
gpt_table /dev/md/raid1
step 13/14 'array raid1 partition 1 (primary)'
gpt_partition /dev/md/raid1 1 mdadm-raid1-primary /dev/disk/by-id/md-name-any:raid1-part1 8300 R 0 '-0' 0 0 0000000000000000
step 14/14 'array raid1 partition 1 (primary): ext4'
make_filesystem /dev/md/raid1//1 ext4
finish
