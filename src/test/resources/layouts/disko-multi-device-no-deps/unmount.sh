# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 disk0 /dev/vda SERIAL-vda '' 68719476736
disk d2 disk1 /dev/vdb SERIAL-vdb '' 68719476736
step 1/2 'release /b'
unmount_filesystem d2p1 /b
step 2/2 'release /a'
unmount_filesystem d1p1 /a
finish
