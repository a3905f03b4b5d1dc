# ---- from the layout ----
begin format
need blkid blockdev cryptsetup findmnt lsblk mkfs.ext4 mkfs.xfs mount partx sgdisk umount wipefs
disk d1 main /dev/disk/by-id/nvme-Test_1 SERIAL-vdp '' 68719476736
need_key text /run/keys/a
step 1/10 'disk main: preCreateHook of disk'
hook d1 'type=disk
name='\'''\''
destroy=1
name=main
' 'echo "disk $name on $device"'
step 2/10 'disk main: partition table'
gpt_table d1
step 3/10 'disk main partition 1 (home)'
gpt_partition d1 1 disk-main-home disk-main-home 8300 R 0 +20G 0 21474836480 0000000000000000
step 4/10 'disk main partition 2 (raw)'
gpt_partition d1 2 disk-main-raw disk-main-raw 8300 R 0 +1G 0 1073741824 0000000000000000
step 5/10 'disk main partition 3 (root)'
gpt_partition d1 3 disk-main-root disk-main-root 8300 R 0 +20G 0 21474836480 0000000000000000
step 6/10 'disk main partition 1 (home): xfs'
make_filesystem d1p1 xfs
step 7/10 'disk main partition 2 (raw): ext4'
make_filesystem d1p2 ext4
step 8/10 'disk main partition 3 (root): LUKS crypt'
luks_format d1p3 text /run/keys/a '--'
luks_open d1p3 text /run/keys/a crypt '--allow-discards' '--persistent'
step 9/10 'LUKS crypt: ext4'
make_filesystem /dev/mapper/crypt ext4 '-L' 'a $b'
step 10/10 'disk main: postCreateHook of gpt'
hook d1 'type=gpt
efiGptPartitionFirst=1
' 'sgdisk --print "$device"'
finish
