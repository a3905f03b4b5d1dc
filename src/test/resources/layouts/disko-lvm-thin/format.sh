# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk lvcreate lvs mkfs.ext4 mkfs.vfat mount partx pvcreate pvs sgdisk thin_check umount vgchange vgcreate vgs wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/12 'disk main: partition table'
gpt_table d1
step 2/12 'disk main partition 1 (ESP)'
gpt_partition d1 1 disk-main-ESP disk-main-ESP EF00 R 0 +500M 0 524288000 0000000000000000
step 3/12 'disk main partition 2 (primary)'
gpt_partition d1 2 disk-main-primary disk-main-primary 8300 R 0 '-0' 0 0 0000000000000000
step 4/12 'disk main partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 5/12 'disk main partition 2 (primary): physical volume'
make_pv d1p2 mainpool
step 6/12 'volume group mainpool'
make_vg mainpool d1p2
step 7/12 'volume group mainpool volume thinpool'
make_lv mainpool thinpool 100M 104857600 thin-pool '-'
step 8/12 'volume group mainpool volume home'
make_lv mainpool home 10M 10485760 thinlv thinpool
step 9/12 'volume group mainpool volume raw'
make_lv mainpool raw 10M 10485760 linear '-'
step 10/12 'volume group mainpool volume root'
make_lv mainpool root 10M 10485760 thinlv thinpool
step 11/12 'volume group mainpool volume home: ext4'
make_filesystem /dev/mainpool/home ext4
step 12/12 'volume group mainpool volume root: ext4'
make_filesystem /dev/mainpool/root ext4
finish
