# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx sfdisk umount wipefs
disk d1 main /dev/sdb SERIAL-sdb '' 68719476736
step 1/2 'release /boot'
unmount_filesystem d1p2 /boot
step 2/2 'release /'
unmount_filesystem d1p3 /
finish
