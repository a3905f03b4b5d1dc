# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx swapoff swapon umount wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/3 'release swap on disk main partition 4 (plainSwap)'
swap_off d1p4
step 2/3 'release /boot'
unmount_filesystem d1p1 /boot
step 3/3 'release /'
unmount_filesystem d1p3 /
finish
