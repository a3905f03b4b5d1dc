# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk lvcreate lvs mkfs.ext4 mkfs.vfat mount partx pvcreate pvs sgdisk umount vgchange vgcreate vgs wipefs
disk d1 one /dev/disk/by-id/ata-VMware_Virtual_SATA_CDRW_Drive_00000000000000000001 SERIAL-vdp '' 68719476736
step 1/12 'disk one: partition table'
gpt_table d1
step 2/12 'disk one partition 1 (boot)'
gpt_partition d1 1 disk-one-boot disk-one-boot EF00 R 0 +500M 0 524288000 0000000000000000
step 3/12 'disk one partition 2 (primary)'
gpt_partition d1 2 disk-one-primary disk-one-primary 8300 R 0 '-0' 0 0 0000000000000000
step 4/12 'disk one partition 1 (boot): vfat'
make_filesystem d1p1 vfat
step 5/12 'disk one partition 2 (primary): physical volume'
make_pv d1p2 pool
step 6/12 'volume group pool'
make_vg pool d1p2
step 7/12 'volume group pool volume aaa'
make_lv pool aaa 1M 1048576 linear '-'
step 8/12 'volume group pool volume root'
make_lv pool root 100M 104857600 linear '-'
step 9/12 'volume group pool volume zzz'
make_lv pool zzz 1M 1048576 linear '-'
step 10/12 'volume group pool volume home'
make_lv pool home 100%FREE 0 linear '-'
step 11/12 'volume group pool volume root: ext4'
make_filesystem /dev/pool/root ext4
step 12/12 'volume group pool volume home: ext4'
make_filesystem /dev/pool/home ext4
finish
