# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 main /dev/sda SERIAL-sda '' 68719476736
step 1/1 'release /'
unmount_filesystem d1p6 /
finish
