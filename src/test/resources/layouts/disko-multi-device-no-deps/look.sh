# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 disk0 /dev/vda SERIAL-vda '' 68719476736
disk d2 disk1 /dev/vdb SERIAL-vdb '' 68719476736
finish
