# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/3 'release /tmp'
unmount_nodev tmpfs tmpfs /tmp
step 2/3 'release /boot'
unmount_filesystem d1p1 /boot
step 3/3 'release /'
unmount_filesystem d1p2 /
finish
