# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mount partx sgdisk umount wipefs
disk d1 disk0 /dev/disk/by-id/ata-disk0 SERIAL-vdp '' 68719476736
step 1/3 'disk disk0: partition table'
gpt_table d1
step 2/3 'disk disk0 partition 1 (nix)'
gpt_partition d1 1 disk-disk0-nix disk-disk0-nix 8300 R 0 '-10M' 0 0 0000000000000000
step 3/3 'disk disk0 partition 1 (nix): ext4'
make_filesystem d1p1 ext4
finish
