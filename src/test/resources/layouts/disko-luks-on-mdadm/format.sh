# ---- from the layout ----
begin format
need blkid blockdev cryptsetup findmnt lsblk mdadm mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs
disk d1 a /dev/sda SERIAL-sda '' 68719476736
disk d2 b /dev/sdb SERIAL-sdb '' 68719476736
need_key raw /tmp/secret.key
step 1/13 'disk a: partition table'
gpt_table d1
step 2/13 'disk a partition 1 (boot)'
gpt_partition d1 1 disk-a-boot disk-a-boot EF02 R 0 +1M 0 1048576 0000000000000000
step 3/13 'disk a partition 2 (ESP)'
gpt_partition d1 2 disk-a-ESP disk-a-ESP EF00 R 0 +500M 0 524288000 0000000000000000
step 4/13 'disk a partition 3 (mdadm)'
gpt_partition d1 3 disk-a-mdadm disk-a-mdadm 8300 R 0 '-0' 0 0 0000000000000000
step 5/13 'disk b: partition table'
gpt_table d2
step 6/13 'disk b partition 1 (boot)'
gpt_partition d2 1 disk-b-boot disk-b-boot EF02 R 0 +1M 0 1048576 0000000000000000
step 7/13 'disk b partition 2 (ESP)'
gpt_partition d2 2 disk-b-ESP disk-b-ESP EF00 R 0 +500M 0 524288000 0000000000000000
step 8/13 'disk b partition 3 (mdadm)'
gpt_partition d2 3 disk-b-mdadm disk-b-mdadm 8300 R 0 '-0' 0 0 0000000000000000
step 9/13 'array boot'
make_array boot 1 1.0 d1p2 d2p2 '--'
step 10/13 'array boot: vfat'
make_filesystem /dev/md/boot vfat
step 11/13 'array raid1'
make_array raid1 1 default d1p3 d2p3 '--'
step 12/13 'array raid1: LUKS crypted'
luks_format /dev/md/raid1 raw /tmp/secret.key '--'
luks_open /dev/md/raid1 raw /tmp/secret.key crypted
step 13/13 'LUKS crypted: ext4'
make_filesystem /dev/mapper/crypted ext4
finish
