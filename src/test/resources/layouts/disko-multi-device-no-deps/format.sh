# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mount partx sgdisk umount wipefs
disk d1 disk0 /dev/vda SERIAL-vda '' 68719476736
disk d2 disk1 /dev/vdb SERIAL-vdb '' 68719476736
step 1/6 'disk disk0: partition table'
gpt_table d1
step 2/6 'disk disk0 partition 1 (nix)'
gpt_partition d1 1 disk-disk0-nix disk-disk0-nix 8300 R 0 '-0' 0 0 0000000000000000
step 3/6 'disk disk0 partition 1 (nix): ext4'
make_filesystem d1p1 ext4
step 4/6 'disk disk1: partition table'
gpt_table d2
step 5/6 'disk disk1 partition 1 (root)'
gpt_partition d2 1 disk-disk1-root disk-disk1-root 8300 R 0 '-0' 0 0 0000000000000000
step 6/6 'disk disk1 partition 1 (root): ext4'
make_filesystem d2p1 ext4
finish
