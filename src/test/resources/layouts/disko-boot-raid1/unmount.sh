# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mdadm mount partx umount wipefs
disk d1 one /dev/sda SERIAL-sda '' 68719476736
disk d2 two /dev/sdb SERIAL-sdb '' 68719476736
step 1/4 'release /boot'
unmount_filesystem /dev/md/boot /boot
step 2/4 'release /'
unmount_filesystem /dev/md/raid1//1 /
step 3/4 'release array raid1'
array_off raid1 d1p3 d2p3
step 4/4 'release array boot'
array_off boot d1p2 d2p2
finish
