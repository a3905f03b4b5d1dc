# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk lvcreate lvs mdadm mkfs.ext4 mkfs.vfat mount partx pvcreate pvs sgdisk umount vgchange vgcreate vgs wipefs
disk d1 one /dev/sda SERIAL-sda '' 68719476736
disk d2 two /dev/sdb SERIAL-sdb '' 68719476736
step 1/15 'disk one: partition table'
gpt_table d1
step 2/15 'disk one partition 1 (boot)'
gpt_partition d1 1 disk-one-boot disk-one-boot EF00 R 0 +500M 0 524288000 0000000000000000
step 3/15 'disk one partition 2 (primary)'
gpt_partition d1 2 disk-one-primary disk-one-primary 8300 R 0 '-0' 0 0 0000000000000000
step 4/15 'disk one partition 2 (primary): physical volume'
make_pv d1p2 pool
step 5/15 'disk two: partition table'
gpt_table d2
step 6/15 'disk two partition 1 (boot)'
gpt_partition d2 1 disk-two-boot disk-two-boot EF00 R 0 +500M 0 524288000 0000000000000000
step 7/15 'disk two partition 2 (primary)'
gpt_partition d2 2 disk-two-primary disk-two-primary 8300 R 0 '-0' 0 0 0000000000000000
step 8/15 'disk two partition 2 (primary): physical volume'
make_pv d2p2 pool
step 9/15 'volume group pool'
make_vg pool d1p2 d2p2
step 10/15 'volume group pool volume home'
make_lv pool home 10M 10485760 raid0 '-'
step 11/15 'volume group pool volume root'
make_lv pool root 100M 104857600 mirror '-'
step 12/15 'volume group pool volume home: ext4'
make_filesystem /dev/pool/home ext4
step 13/15 'volume group pool volume root: ext4'
make_filesystem /dev/pool/root ext4
step 14/15 'array boot'
make_array boot 1 1.0 d1p1 d2p1 '--'
step 15/15 'array boot: vfat'
make_filesystem /dev/md/boot vfat
finish
