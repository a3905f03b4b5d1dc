# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 main /dev/vdp SERIAL-vdp '' 68719476736
step 1/2 'release /boot'
unmount_filesystem d1p1 /boot
step 2/2 'release /'
unmount_filesystem d1p2 /
finish
