# ---- from the layout ----
begin format
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mdadm mkfs.ext4 mkfs.vfat mount partx pvcreate pvs sgdisk umount vgchange vgcreate vgs wipefs zfs zpool
disk d1 disk0 /dev/disk/by-id/ata-QEMU_HARDDISK_QM00001 SERIAL-vdp '' 68719476736
disk d2 disk1 /dev/disk/by-id/ata-QEMU_HARDDISK_QM00002 SERIAL-vdq '' 68719476736
disk d3 disk2 /dev/disk/by-id/ata-QEMU_HARDDISK_QM00003 SERIAL-vdr '' 68719476736
need_key raw /tmp/secret.key
need_key raw /tmp/additionalSecret.key
need_key raw /tmp/secret.key 2 8
step 1/29 'disk disk0: partition table'
gpt_table d1
step 2/29 'disk disk0 partition 1 (ESP)'
gpt_partition d1 1 disk-disk0-ESP disk-disk0-ESP EF00 R 1M 128M 0 0 0000000000000000
step 3/29 'disk disk0 partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 4/29 'disk disk1: partition table'
gpt_table d2
step 5/29 'disk disk1 partition 1 (luks)'
gpt_partition d2 1 disk-disk1-luks disk-disk1-luks 8300 f0f0f0f0-f0f0-f0f0-f0f0-f0f0f0f0f0f0 1M '-0' 0 0 0000000000000000
step 6/29 'disk disk1 partition 1 (luks): LUKS crypted1'
luks_format d2p1 raw /tmp/secret.key '--' '--iter-time' 1
luks_open d2p1 raw /tmp/secret.key crypted1
luks_add_key d2p1 raw /tmp/secret.key /tmp/additionalSecret.key
step 7/29 'LUKS crypted1: physical volume'
make_pv /dev/mapper/crypted1 pool
step 8/29 'disk disk2: partition table'
gpt_table d3
step 9/29 'disk disk2 partition 1 (luks)'
gpt_partition d3 1 disk-disk2-luks disk-disk2-luks 8300 R 1M '-0' 0 0 0000000000000000
step 10/29 'disk disk2 partition 1 (luks): LUKS crypted2'
luks_format d3p1 raw /tmp/secret.key '--keyfile-size=8' '--keyfile-offset=2' '--' '--iter-time' 1
luks_open d3p1 raw /tmp/secret.key crypted2 '--keyfile-size=8' '--keyfile-offset=2'
step 11/29 'LUKS crypted2: physical volume'
make_pv /dev/mapper/crypted2 pool
step 12/29 'volume group pool'
make_vg pool /dev/mapper/crypted1 /dev/mapper/crypted2
step 13/29 'volume group pool volume raid1'
make_lv pool raid1 30M 31457280 raid0 '-'
step 14/29 'volume group pool volume raid2'
make_lv pool raid2 30M 31457280 raid0 '-'
step 15/29 'volume group pool volume root'
make_lv pool root 10M 10485760 mirror '-'
step 16/29 'volume group pool volume zfs1'
make_lv pool zfs1 128M 134217728 raid0 '-'
step 17/29 'volume group pool volume zfs2'
make_lv pool zfs2 128M 134217728 raid0 '-'
step 18/29 'volume group pool volume root: ext4'
make_filesystem /dev/pool/root ext4
step 19/29 'array raid1'
make_array raid1 1 default /dev/pool/raid1 /dev/pool/raid2 '--'
step 20/29 'array raid1: partition table'
gpt_table /dev/md/raid1
step 21/29 'array raid1 partition 1 (bla)'
gpt_partition /dev/md/raid1 1 mdadm-raid1-bla /dev/disk/by-id/md-name-any:raid1-part1 8300 R 1M '-0' 0 0 0000000000000000
step 22/29 'array raid1 partition 1 (bla): ext4'
make_filesystem /dev/md/raid1//1 ext4
step 23/29 'pool zroot'
make_pool zroot '-O' com.sun:auto-snapshot=false '-O' compression=zstd '-O' mountpoint=none '--' mirror /dev/pool/zfs1 /dev/pool/zfs2
step 24/29 'pool zroot file system zroot'
make_dataset zroot com.sun:auto-snapshot=false compression=zstd mountpoint=/
step 25/29 'pool zroot file system zfs_fs'
make_dataset zroot/zfs_fs com.sun:auto-snapshot=true mountpoint=/zfs_fs
step 26/29 'pool zroot file system zfs_legacy_fs'
make_dataset zroot/zfs_legacy_fs mountpoint=legacy
step 27/29 'pool zroot volume zfs_testvolume'
make_volume zroot/zfs_testvolume 10M 10485760 '--'
step 28/29 'pool zroot volume zfs_testvolume: ext4'
make_filesystem /dev/zvol/zroot/zfs_testvolume ext4
step 29/29 'pool zroot file system zfs_unmounted_fs'
make_dataset zroot/zfs_unmounted_fs mountpoint=none
finish
