# ---- from the layout ----
begin format
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mkfs.ext4 mkfs.vfat mount partx pvcreate pvs sgdisk umount vgchange vgcreate vgs wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
need_key raw /tmp/secret.key
need_key raw /tmp/additionalSecret.key
step 1/12 'disk main: partition table'
gpt_table d1
step 2/12 'disk main partition 1 (ESP)'
gpt_partition d1 1 disk-main-ESP disk-main-ESP EF00 R 0 +500M 0 524288000 0000000000000000
step 3/12 'disk main partition 2 (luks)'
gpt_partition d1 2 disk-main-luks disk-main-luks 8300 R 0 '-0' 0 0 0000000000000000
step 4/12 'disk main partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 5/12 'disk main partition 2 (luks): LUKS crypted'
luks_format d1p2 raw /tmp/secret.key '--'
luks_open d1p2 raw /tmp/secret.key crypted '--allow-discards' '--persistent'
luks_add_key d1p2 raw /tmp/secret.key /tmp/additionalSecret.key
step 6/12 'LUKS crypted: physical volume'
make_pv /dev/mapper/crypted pool
step 7/12 'volume group pool'
make_vg pool /dev/mapper/crypted
step 8/12 'volume group pool volume home'
make_lv pool home 10M 10485760 linear '-'
step 9/12 'volume group pool volume raw'
make_lv pool raw 10M 10485760 linear '-'
step 10/12 'volume group pool volume root'
make_lv pool root 100%FREE 0 linear '-'
step 11/12 'volume group pool volume home: ext4'
make_filesystem /dev/pool/home ext4
step 12/12 'volume group pool volume root: ext4'
make_filesystem /dev/pool/root ext4
finish
