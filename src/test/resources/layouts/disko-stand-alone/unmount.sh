# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount parted partx sfdisk umount wipefs
disk d1 sda /dev/sda SERIAL-sda '' 68719476736
step 1/1 'release /'
unmount_filesystem d1p1 /
finish
