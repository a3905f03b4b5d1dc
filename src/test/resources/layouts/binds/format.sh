# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mount mount.nfs partx sgdisk umount wipefs
disk d1 main /dev/disk/by-id/nvme-Test_1 SERIAL-vdp '' 68719476736
step 1/3 'disk main: partition table'
gpt_table d1
step 2/3 'disk main partition 1 (keep)'
gpt_partition d1 1 disk-main-keep disk-main-keep 8300 R 0 '-0' 0 0 0000000000000000
step 3/3 'disk main partition 1 (keep): ext4'
make_filesystem d1p1 ext4
finish
