# ---- from the layout ----
begin format
need blkid blockdev cryptsetup findmnt lsblk mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs
disk_at d1 'it'\''s $(data)' /dev/disk/by-id/ata-B
disk_at d2 main /dev/disk/by-id/ata-A
need_key text /run/keys/root
step 1/8 'disk it'\''s $(data): ext4'
make_filesystem d1 ext4
step 2/8 'disk main: partition table'
gpt_table d2
step 3/8 'disk main partition 1 (bios)'
gpt_partition d2 1 disk-main-bios disk-main-bios EF02 R 0 +1M 0 1048576 0000000000000000
step 4/8 'disk main partition 2 (ESP)'
gpt_partition d2 2 disk-main-ESP disk-main-ESP EF00 R 0 +512M 0 536870912 0000000000000000
step 5/8 'disk main partition 3 (root)'
gpt_partition d2 3 disk-main-root disk-main-root 8300 R 0 '-0' 0 0 0000000000000000
step 6/8 'disk main partition 2 (ESP): vfat'
make_filesystem d2p2 vfat
step 7/8 'disk main partition 3 (root): LUKS crypt'
luks_format d2p3 text /run/keys/root '--'
luks_open d2p3 text /run/keys/root crypt '--allow-discards' '--persistent'
step 8/8 'LUKS crypt: ext4'
make_filesystem /dev/mapper/crypt ext4 '-L' 'it'\''s ${HOME}'
finish
