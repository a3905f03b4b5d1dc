# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 disk0 /dev/vda SERIAL-vda '' 68719476736
disk d2 disk1 /dev/vdb SERIAL-vdb '' 68719476736
step 1/2 'mount /a'
mount_filesystem d1p1 ext4 /a defaults
step 2/2 'mount /b'
mount_filesystem d2p1 ext4 /b defaults
finish
