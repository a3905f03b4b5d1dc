# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs zfs zpool
disk d1 disk1 /dev/vdb SERIAL-vdb '' 68719476736
disk d2 disk2 /dev/vdc SERIAL-vdc '' 68719476736
step 1/9 'disk disk1: partition table'
gpt_table d1
step 2/9 'disk disk1 partition 1 (ESP)'
gpt_partition d1 1 disk-disk1-ESP disk-disk1-ESP EF00 R 0 +500M 0 524288000 0000000000000000
step 3/9 'disk disk1 partition 2 (primary)'
gpt_partition d1 2 disk-disk1-primary disk-disk1-primary 8300 R 0 '-0' 0 0 0000000000000000
step 4/9 'disk disk1 partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 5/9 'disk disk1 partition 2 (primary): ext4'
make_filesystem d1p2 ext4
step 6/9 'pool zroot'
make_pool zroot '-O' mountpoint=none '--' d2
step 7/9 'pool zroot file system zroot'
make_dataset zroot mountpoint=/zroot
step 8/9 'pool zroot file system root'
make_dataset zroot/root mountpoint=none
step 9/9 'pool zroot file system root/zfs_fs'
make_dataset zroot/root/zfs_fs com.sun:auto-snapshot=true mountpoint=/zfs_fs
finish
