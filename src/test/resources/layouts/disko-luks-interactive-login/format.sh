# ---- from the layout ----
begin format
need blkid blockdev cryptsetup findmnt lsblk mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
need_key text /tmp/secret.key
step 1/6 'disk main: partition table'
gpt_table d1
step 2/6 'disk main partition 1 (ESP)'
gpt_partition d1 1 disk-main-ESP disk-main-ESP EF00 R 0 +500M 0 524288000 0000000000000000
step 3/6 'disk main partition 2 (luks)'
gpt_partition d1 2 disk-main-luks disk-main-luks 8300 R 0 '-0' 0 0 0000000000000000
step 4/6 'disk main partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 5/6 'disk main partition 2 (luks): LUKS crypted'
luks_format d1p2 text /tmp/secret.key '--'
luks_open d1p2 text /tmp/secret.key crypted '--allow-discards' '--persistent'
step 6/6 'LUKS crypted: ext4'
make_filesystem /dev/mapper/crypted ext4
finish
