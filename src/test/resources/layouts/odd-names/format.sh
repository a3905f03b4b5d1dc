# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mount partx sgdisk umount wipefs
disk d1 '-d $(touch /tmp/pwned)' '/dev/disk/by-id/it'\''s a disk; reboot' SERIAL-vdp '' 68719476736
step 1/5 'disk -d $(touch /tmp/pwned): partition table'
gpt_table d1
step 2/5 'disk -d $(touch /tmp/pwned) partition 1 (--root `id`)'
gpt_partition d1 1 'a'\''b"c $HOME `id`' 'a\x27b\x22c\x20\x24HOME\x20\x60id\x60' 8300 R 0 +10G 0 10737418240 0000000000000000
step 3/5 'disk -d $(touch /tmp/pwned) partition 2 (semi;colon&|<>*?[]{}!#~)'
gpt_partition d1 2 '-dash, with comma' '-dash\x2c\x20with\x20comma' 8300 R 0 '-0' 0 0 0000000000000000
step 4/5 'disk -d $(touch /tmp/pwned) partition 1 (--root `id`): ext4'
make_filesystem d1p1 ext4 '-L' '$(id) '\''x'\'''
step 5/5 'disk -d $(touch /tmp/pwned) partition 2 (semi;colon&|<>*?[]{}!#~): ext4'
make_filesystem d1p2 ext4
finish
