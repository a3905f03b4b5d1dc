# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs zfs zpool
disk d1 a /dev/sda SERIAL-sda '' 68719476736
disk d2 x /dev/sdx SERIAL-sdx '' 68719476736
disk d3 y /dev/sdy SERIAL-sdy '' 68719476736
disk d4 z /dev/sdz SERIAL-sdz '' 68719476736
step 1/17 'disk a: partition table'
gpt_table d1
step 2/17 'disk a partition 1 (zfs)'
gpt_partition d1 1 disk-a-zfs disk-a-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 3/17 'disk x: partition table'
gpt_table d2
step 4/17 'disk x partition 1 (ESP)'
gpt_partition d2 1 disk-x-ESP disk-x-ESP EF00 R 0 +64M 0 67108864 0000000000000000
step 5/17 'disk x partition 2 (root)'
gpt_partition d2 2 disk-x-root disk-x-root 8300 R 0 '-0' 0 0 0000000000000000
step 6/17 'disk x partition 1 (ESP): vfat'
make_filesystem d2p1 vfat
step 7/17 'disk x partition 2 (root): ext4'
make_filesystem d2p2 ext4
step 8/17 'disk y: partition table'
gpt_table d3
step 9/17 'disk y partition 1 (zfs)'
gpt_partition d3 1 disk-y-zfs disk-y-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 10/17 'disk z: partition table'
gpt_table d4
step 11/17 'disk z partition 1 (zfs)'
gpt_partition d4 1 disk-z-zfs disk-z-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 12/17 'pool storage'
make_pool storage '-O' mountpoint=none '--' mirror d3p1 d4p1
step 13/17 'pool storage file system storage'
make_dataset storage mountpoint=/storage
step 14/17 'pool storage file system dataset'
make_dataset storage/dataset mountpoint=/storage/dataset
step 15/17 'pool storage2'
make_pool storage2 '-O' canmount=off '-O' mountpoint=none '--' d1p1
step 16/17 'pool storage2 file system storage2'
make_dataset storage2 canmount=off mountpoint=/storage2
step 17/17 'pool storage2 file system dataset'
make_dataset storage2/dataset mountpoint=/storage2/dataset
finish
