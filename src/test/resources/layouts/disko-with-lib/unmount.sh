# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 /dev/vdb /dev/vdb SERIAL-vdb '' 68719476736
step 1/1 'release /'
unmount_filesystem d1p2 /
finish
