# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mdadm mkfs.ext4 mount partx sgdisk umount wipefs
disk d1 disk1 /dev/my-disk SERIAL-my-disk '' 68719476736
disk d2 disk2 /dev/my-disk2 SERIAL-my-disk2 '' 68719476736
step 1/10 'disk disk1: partition table'
gpt_table d1
step 2/10 'disk disk1 partition 1 (boot)'
gpt_partition d1 1 disk-disk1-boot disk-disk1-boot EF02 R 0 +1M 0 1048576 0000000000000000
step 3/10 'disk disk1 partition 2 (mdadm)'
gpt_partition d1 2 disk-disk1-mdadm disk-disk1-mdadm 8300 R 0 '-0' 0 0 0000000000000000
step 4/10 'disk disk2: partition table'
gpt_table d2
step 5/10 'disk disk2 partition 1 (boot)'
gpt_partition d2 1 disk-disk2-boot disk-disk2-boot EF02 R 0 +1M 0 1048576 0000000000000000
step 6/10 'disk disk2 partition 2 (mdadm)'
gpt_partition d2 2 disk-disk2-mdadm disk-disk2-mdadm 8300 R 0 '-0' 0 0 0000000000000000
step 7/10 'array raid0'
make_array raid0 0 default d1p2 d2p2 '--'
step 8/10 'array raid0: partition table'
gpt_table /dev/md/raid0
step 9/10 'array raid0 partition 1 (primary)'
gpt_partition /dev/md/raid0 1 mdadm-raid0-primary /dev/disk/by-id/md-name-any:raid0-part1 8300 R 0 '-0' 0 0 0000000000000000
step 10/10 'array raid0 partition 1 (primary): ext4'
make_filesystem /dev/md/raid0//1 ext4
finish
