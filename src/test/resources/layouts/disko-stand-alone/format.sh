# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mount parted partx sfdisk sgdisk umount wipefs
disk d1 sda /dev/sda SERIAL-sda '' 68719476736
step 1/3 'disk sda: partition table'
parted_table d1 msdos
step 2/3 'disk sda partition 1 (root)'
parted_partition d1 msdos 1 primary '-' 1M 100% boot
step 3/3 'disk sda partition 1 (root): ext4'
make_filesystem d1p1 ext4
finish
