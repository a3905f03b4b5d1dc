# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mdadm mount partx umount wipefs
disk d1 disk1 /dev/my-disk SERIAL-my-disk '' 68719476736
disk d2 disk2 /dev/my-disk2 SERIAL-my-disk2 '' 68719476736
step 1/2 'open array raid1'
array_on raid1 '-' d1p2 d2p2
step 2/2 'mount /'
mount_filesystem /dev/md/raid1//1 ext4 / defaults
finish
