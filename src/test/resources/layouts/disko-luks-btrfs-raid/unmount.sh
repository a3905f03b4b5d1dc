# ---- from the layout ----
begin unmount
need blkid blockdev btrfs cryptsetup findmnt lsblk mount partx umount wipefs
disk d1 disk1 /dev/sda SERIAL-sda '' 68719476736
disk d2 disk2 /dev/sdb SERIAL-sdb '' 68719476736
step 1/4 'release /boot'
unmount_filesystem d1p1 /boot
step 2/4 'release /'
unmount_filesystem /dev/mapper/p2 /
step 3/4 'release LUKS p2'
luks_close d2p1 p2
step 4/4 'release LUKS p1'
luks_close d1p2 p1
finish
