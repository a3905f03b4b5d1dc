# ---- from the layout ----
begin format
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mdadm mkfs.ext4 mkfs.xfs mkswap mount partx pvcreate pvs sgdisk swapoff swapon umount vgchange vgcreate vgs wipefs
disk d1 a /dev/vdb SERIAL-vdb '' 68719476736
disk d2 b /dev/vdc SERIAL-vdc '' 68719476736
need_key text /run/keys/disk
need_key raw /tmp/additionalSecret.key
step 1/17 'disk a: partition table'
gpt_table d1
step 2/17 'disk a partition 1 (boot)'
gpt_partition d1 1 disk-a-boot disk-a-boot EF02 R 0 +1M 0 1048576 0000000000000000
step 3/17 'disk a partition 2 (rest)'
gpt_partition d1 2 disk-a-rest disk-a-rest 8300 R 0 '-0' 0 0 0000000000000000
step 4/17 'disk a partition 2 (rest): LUKS a'
luks_format d1p2 text /run/keys/disk '--' '--pbkdf' pbkdf2 '--pbkdf-force-iterations' 1000
luks_open d1p2 text /run/keys/disk a
step 5/17 'disk b: partition table'
gpt_table d2
step 6/17 'disk b partition 1 (rest)'
gpt_partition d2 1 disk-b-rest disk-b-rest 8300 R 0 '-0' 0 0 0000000000000000
step 7/17 'disk b partition 1 (rest): LUKS b'
luks_format d2p1 text /run/keys/disk '--' '--pbkdf' pbkdf2 '--pbkdf-force-iterations' 1000
luks_open d2p1 text /run/keys/disk b
step 8/17 'array both'
make_array both 1 default /dev/mapper/a /dev/mapper/b '--'
step 9/17 'array both: physical volume'
make_pv /dev/md/both pool
step 10/17 'volume group pool'
make_vg pool /dev/md/both
step 11/17 'volume group pool volume swap'
make_lv pool swap 256M 268435456 linear '-'
step 12/17 'volume group pool volume root'
make_lv pool root 50%VG 0 linear '-'
step 13/17 'volume group pool volume safe'
make_lv pool safe 50%FREE 0 linear '-'
step 14/17 'volume group pool volume swap: swap'
make_swap /dev/pool/swap
step 15/17 'volume group pool volume root: ext4'
make_filesystem /dev/pool/root ext4
step 16/17 'volume group pool volume safe: LUKS safe'
luks_format /dev/pool/safe text /run/keys/disk '--' '--pbkdf' pbkdf2 '--pbkdf-force-iterations' 1000
luks_open /dev/pool/safe text /run/keys/disk safe
luks_add_key /dev/pool/safe text /run/keys/disk /tmp/additionalSecret.key
step 17/17 'LUKS safe: xfs'
make_filesystem /dev/mapper/safe xfs
finish
