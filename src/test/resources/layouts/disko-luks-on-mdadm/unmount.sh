# ---- from the layout ----
begin unmount
need blkid blockdev cryptsetup findmnt lsblk mdadm mount partx umount wipefs
disk d1 a /dev/sda SERIAL-sda '' 68719476736
disk d2 b /dev/sdb SERIAL-sdb '' 68719476736
step 1/5 'release /boot'
unmount_filesystem /dev/md/boot /boot
step 2/5 'release /'
unmount_filesystem /dev/mapper/crypted /
step 3/5 'release LUKS crypted'
luks_close /dev/md/raid1 crypted
step 4/5 'release array raid1'
array_off raid1 d1p3 d2p3
step 5/5 'release array boot'
array_off boot d1p2 d2p2
finish
