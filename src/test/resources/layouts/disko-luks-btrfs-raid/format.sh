# ---- from the layout ----
begin format
need blkid blockdev btrfs cryptsetup findmnt lsblk mkfs.btrfs mkfs.vfat mount partx sgdisk umount wipefs
disk d1 disk1 /dev/sda SERIAL-sda '' 68719476736
disk d2 disk2 /dev/sdb SERIAL-sdb '' 68719476736
need_key raw /tmp/secret.key
step 1/10 'disk disk1: partition table'
gpt_table d1
step 2/10 'disk disk1 partition 1 (ESP)'
gpt_partition d1 1 disk-disk1-ESP disk-disk1-ESP EF00 R 0 +512M 0 536870912 0000000000000000
step 3/10 'disk disk1 partition 2 (crypt_p1)'
gpt_partition d1 2 disk-disk1-crypt_p1 disk-disk1-crypt_p1 8300 R 0 '-0' 0 0 0000000000000000
step 4/10 'disk disk1 partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 5/10 'disk disk1 partition 2 (crypt_p1): LUKS p1'
luks_format d1p2 raw /tmp/secret.key '--'
luks_open d1p2 raw /tmp/secret.key p1 '--allow-discards' '--persistent'
step 6/10 'disk disk2: partition table'
gpt_table d2
step 7/10 'disk disk2 partition 1 (crypt_p2)'
gpt_partition d2 1 disk-disk2-crypt_p2 disk-disk2-crypt_p2 8300 R 0 '-0' 0 0 0000000000000000
step 8/10 'disk disk2 partition 1 (crypt_p2): LUKS p2'
luks_format d2p1 raw /tmp/secret.key '--'
luks_open d2p1 raw /tmp/secret.key p2 '--allow-discards' '--persistent'
step 9/10 'LUKS p2: btrfs'
make_btrfs /dev/mapper/p2 '-d' raid1 /dev/mapper/p1
step 10/10 'LUKS p2: subvolume root'
make_subvolume /dev/mapper/p2 root device=/dev/mapper/p1 '--'
finish
