# ---- from the layout ----
begin format
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mkfs.exfat mkfs.ext2 mkfs.ext3 mkfs.ext4 mkfs.ntfs mount mount.ntfs parted partx pvcreate pvs sfdisk sgdisk umount vgchange vgcreate vgs wipefs
disk d1 a /dev/disk/by-id/virtio-a SERIAL-vdp '' 68719476736
disk d2 b /dev/disk/by-id/virtio-b SERIAL-vdq '' 68719476736
disk d3 c /dev/disk/by-id/virtio-c SERIAL-vdr '' 68719476736
need_key raw /dev/disk/by-id/usb-key 512 4096
step 1/19 'disk a: partition table'
gpt_table d1
step 2/19 'disk a partition 1 (first)'
gpt_partition d1 1 disk-a-first disk-a-first 8300 R 3M +64M 16384 67108864 0000000000000000
step 3/19 'disk a partition 2 (sectors)'
gpt_partition d1 2 disk-a-sectors disk-a-sectors 8300 R 0 +131072 0 131072s 0000000000000000
step 4/19 'disk a partition 3 (shared)'
gpt_partition d1 3 disk-a-shared disk-a-shared 8300 R 0 +128M 0 134217728 0000000000000000
step 5/19 'disk a partition 4 (last)'
gpt_partition d1 4 disk-a-last disk-a-last 8300 R 0 '-0' 0 0 0000000000000000
step 6/19 'disk a partition 1 (first): ext2'
make_filesystem d1p1 ext2
step 7/19 'disk a partition 2 (sectors): ext3'
make_filesystem d1p2 ext3
step 8/19 'disk a partition 3 (shared): exfat'
make_filesystem d1p3 exfat
step 9/19 'disk a partition 4 (last): physical volume'
make_pv d1p4 pool
step 10/19 'disk b: LUKS b'
luks_format d2 raw /dev/disk/by-id/usb-key '--keyfile-size=4096' '--keyfile-offset=512' '--'
luks_open d2 raw /dev/disk/by-id/usb-key b '--keyfile-size=4096' '--keyfile-offset=512'
step 11/19 'LUKS b: physical volume'
make_pv /dev/mapper/b pool
step 12/19 'disk c: partition table'
parted_table d3 gpt
step 13/19 'disk c partition 1 (c)'
parted_partition d3 gpt 1 c '-' 0% 100%
step 14/19 'disk c partition 1 (c): ntfs'
make_filesystem d3p1 ntfs
step 15/19 'volume group pool'
make_vg pool d1p4 /dev/mapper/b
step 16/19 'volume group pool volume plain'
make_lv pool plain 1G 1073741824 linear '-'
step 17/19 'volume group pool volume root'
make_lv pool root 10G 10737418240 '-' '-' '--type' raid1 '-m1'
step 18/19 'volume group pool volume striped'
make_lv pool striped 2G 2147483648 '-' '-' '-i' 2
step 19/19 'volume group pool volume root: ext4'
make_filesystem /dev/pool/root ext4
finish
