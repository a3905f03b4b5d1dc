# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs
disk d1 main /dev/disk/by-id/ata-Samsung_SSD_860_EVO_500GB_S3Z1NB0K303456L SERIAL-vdp '' 68719476736
step 1/6 'disk main: partition table'
gpt_table d1
step 2/6 'disk main partition 1 (boot)'
gpt_partition d1 1 disk-main-boot disk-main-boot EF02 R 0 +1M 0 1048576 0000000000000000
step 3/6 'disk main partition 2 (ESP)'
gpt_partition d1 2 disk-main-ESP disk-main-ESP EF00 R 0 +512M 0 536870912 0000000000000000
step 4/6 'disk main partition 3 (nix)'
gpt_partition d1 3 disk-main-nix disk-main-nix 8300 R 0 '-0' 0 0 0000000000000000
step 5/6 'disk main partition 2 (ESP): vfat'
make_filesystem d1p2 vfat
step 6/6 'disk main partition 3 (nix): ext4'
make_filesystem d1p3 ext4
finish
