# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.vfat mount partx sgdisk umount wipefs zfs zpool
disk d1 cache /dev/vdn SERIAL-vdn '' 68719476736
disk d2 data1 /dev/vda SERIAL-vda '' 68719476736
disk d3 data2 /dev/vdb SERIAL-vdb '' 68719476736
disk d4 data3 /dev/vdc SERIAL-vdc '' 68719476736
disk d5 dedup1 /dev/vdh SERIAL-vdh '' 68719476736
disk d6 dedup2 /dev/vdi SERIAL-vdi '' 68719476736
disk d7 dedup3 /dev/vdj SERIAL-vdj '' 68719476736
disk d8 log1 /dev/vde SERIAL-vde '' 68719476736
disk d9 log2 /dev/vdf SERIAL-vdf '' 68719476736
disk d10 log3 /dev/vdg SERIAL-vdg '' 68719476736
disk d11 spare /dev/vdd SERIAL-vdd '' 68719476736
disk d12 special1 /dev/vdk SERIAL-vdk '' 68719476736
disk d13 special2 /dev/vdl SERIAL-vdl '' 68719476736
disk d14 special3 /dev/vdm SERIAL-vdm '' 68719476736
step 1/33 'disk cache: partition table'
gpt_table d1
step 2/33 'disk cache partition 1 (zfs)'
gpt_partition d1 1 disk-cache-zfs disk-cache-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 3/33 'disk data1: partition table'
gpt_table d2
step 4/33 'disk data1 partition 1 (ESP)'
gpt_partition d2 1 disk-data1-ESP disk-data1-ESP EF00 R 0 +64M 0 67108864 0000000000000000
step 5/33 'disk data1 partition 2 (zfs)'
gpt_partition d2 2 disk-data1-zfs disk-data1-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 6/33 'disk data1 partition 1 (ESP): vfat'
make_filesystem d2p1 vfat
step 7/33 'disk data2: partition table'
gpt_table d3
step 8/33 'disk data2 partition 1 (zfs)'
gpt_partition d3 1 disk-data2-zfs disk-data2-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 9/33 'disk data3: partition table'
gpt_table d4
step 10/33 'disk data3 partition 1 (zfs)'
gpt_partition d4 1 disk-data3-zfs disk-data3-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 11/33 'disk dedup1: partition table'
gpt_table d5
step 12/33 'disk dedup1 partition 1 (zfs)'
gpt_partition d5 1 disk-dedup1-zfs disk-dedup1-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 13/33 'disk dedup2: partition table'
gpt_table d6
step 14/33 'disk dedup2 partition 1 (zfs)'
gpt_partition d6 1 disk-dedup2-zfs disk-dedup2-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 15/33 'disk dedup3: partition table'
gpt_table d7
step 16/33 'disk dedup3 partition 1 (zfs)'
gpt_partition d7 1 disk-dedup3-zfs disk-dedup3-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 17/33 'disk log1: partition table'
gpt_table d8
step 18/33 'disk log1 partition 1 (zfs)'
gpt_partition d8 1 disk-log1-zfs disk-log1-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 19/33 'disk log2: partition table'
gpt_table d9
step 20/33 'disk log2 partition 1 (zfs)'
gpt_partition d9 1 disk-log2-zfs disk-log2-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 21/33 'disk log3: partition table'
gpt_table d10
step 22/33 'disk log3 partition 1 (zfs)'
gpt_partition d10 1 disk-log3-zfs disk-log3-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 23/33 'disk spare: partition table'
gpt_table d11
step 24/33 'disk spare partition 1 (zfs)'
gpt_partition d11 1 disk-spare-zfs disk-spare-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 25/33 'disk special1: partition table'
gpt_table d12
step 26/33 'disk special1 partition 1 (zfs)'
gpt_partition d12 1 disk-special1-zfs disk-special1-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 27/33 'disk special2: partition table'
gpt_table d13
step 28/33 'disk special2 partition 1 (zfs)'
gpt_partition d13 1 disk-special2-zfs disk-special2-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 29/33 'disk special3: partition table'
gpt_table d14
step 30/33 'disk special3 partition 1 (zfs)'
gpt_partition d14 1 disk-special3-zfs disk-special3-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 31/33 'pool zroot'
make_pool zroot '-O' com.sun:auto-snapshot=false '-O' compression=zstd '-O' mountpoint=none '--' d2p2 mirror d3p1 d4p1 spare d11p1 log d10p1 mirror d8p1 d9p1 dedup d7p1 mirror d5p1 d6p1 special d14p1 mirror d12p1 d13p1 cache d1p1
step 32/33 'pool zroot file system zroot'
make_dataset zroot com.sun:auto-snapshot=false compression=zstd mountpoint=/
step 33/33 'pool zroot file system zfs_fs'
make_dataset zroot/zfs_fs com.sun:auto-snapshot=true mountpoint=/zfs_fs
finish
