# ---- from the layout ----
begin format
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mkfs.ext4 mkfs.vfat mkfs.xfs mount partx pvcreate pvs sgdisk umount vgchange vgcreate vgs wipefs
disk d1 archive /dev/vdc SERIAL-vdc '' 68719476736
disk d2 main /dev/vdb SERIAL-vdb '' 68719476736
need_key text /tmp/secret.key
step 1/7 'disk main: partition table'
preserved d2p2
preserved d2p3
gpt_table d2
step 2/7 'disk main partition 1 (ESP)'
gpt_partition d2 1 disk-main-ESP disk-main-ESP EF00 R 0 +1G 0 1073741824 0000000000000000
step 3/7 'disk main partition 2 (home)'
gpt_partition d2 2 disk-main-home disk-main-home 8300 R 0 +20G 0 21474836480 0000000000000000
step 4/7 'disk main partition 3 (more)'
gpt_partition d2 3 disk-main-more disk-main-more 8300 R 0 +10G 0 10737418240 0000000000000000
step 5/7 'disk main partition 4 (root)'
gpt_partition d2 4 disk-main-root disk-main-root 8300 R 0 '-0' 0 0 0000000000000000
step 6/7 'disk main partition 1 (ESP): vfat'
make_filesystem d2p1 vfat
step 7/7 'disk main partition 4 (root): ext4'
make_filesystem d2p4 ext4
finish
