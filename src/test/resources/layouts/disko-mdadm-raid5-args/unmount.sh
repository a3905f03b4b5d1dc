# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mdadm mount partx umount wipefs
disk d1 disk1 /dev/my-disk SERIAL-my-disk '' 68719476736
disk d2 disk2 /dev/my-disk2 SERIAL-my-disk2 '' 68719476736
step 1/2 'release /'
unmount_filesystem /dev/md/raid5//1 /
step 2/2 'release array raid5'
array_off raid5 d1p2 d2p2
finish
