# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mount partx sgdisk umount wipefs
disk d1 main /dev/sda SERIAL-sda '' 68719476736
step 1/9 'disk main: partition table'
gpt_table d1
step 2/9 'disk main partition 1 (c)'
gpt_partition d1 1 disk-main-c disk-main-c 8300 5D8F8D1C-0B3C-4B0C-9C55-9E1C4B2C7A10 0 +1G 0 1073741824 0000000000000000
step 3/9 'disk main partition 2 (bios)'
gpt_partition d1 2 disk-main-bios disk-main-bios EF02 R 0 +1M 0 1048576 0000000000000000
step 4/9 'disk main partition 3 (a)'
gpt_partition d1 3 disk-main-a disk-main-a 8300 R 2048s 1048575s 1 0 0000000000000000
step 5/9 'disk main partition 4 (b)'
gpt_partition d1 4 disk-main-b disk-main-b FD00 R 0 +500M 0 0 8000000000000001 0 63
step 6/9 'disk main partition 5 (guid)'
gpt_partition d1 5 mine mine 21686148-6449-6e6f-744e-656564454649 R 0 +10M 8 10485760 0000000000000000
step 7/9 'disk main partition 6 (last)'
gpt_partition d1 6 disk-main-last disk-main-last 8300 R 0 '-0' 0 0 0000000000000000
step 8/9 'disk main partition 1 (c): ext4'
make_filesystem d1p1 ext4
step 9/9 'disk main partition 6 (last): ext4'
make_filesystem d1p6 ext4
finish
