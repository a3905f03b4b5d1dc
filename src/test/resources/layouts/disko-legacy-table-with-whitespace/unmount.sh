# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount parted partx sfdisk umount wipefs
disk d1 vdb /dev/sda SERIAL-sda '' 68719476736
step 1/3 'release /name_with_spaces'
unmount_filesystem d1p2 /name_with_spaces
step 2/3 'release /boot'
unmount_filesystem d1p1 /boot
step 3/3 'release /'
unmount_filesystem d1p3 /
finish
