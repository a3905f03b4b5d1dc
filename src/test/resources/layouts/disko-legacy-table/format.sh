# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mkfs.vfat mount parted partx sfdisk sgdisk umount wipefs
disk d1 main /dev/sda SERIAL-sda '' 68719476736
step 1/5 'disk main: partition table'
parted_table d1 gpt
step 2/5 'disk main partition 1 (ESP)'
parted_partition d1 gpt 1 ESP '-' 1M 500M boot
step 3/5 'disk main partition 2 (root)'
parted_partition d1 gpt 2 root '-' 500M 100% boot
step 4/5 'disk main partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 5/5 'disk main partition 2 (root): ext4'
make_filesystem d1p2 ext4
finish
