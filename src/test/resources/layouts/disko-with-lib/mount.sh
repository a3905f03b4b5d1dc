# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 /dev/vdb /dev/vdb SERIAL-vdb '' 68719476736
step 1/1 'mount /'
mount_filesystem d1p2 ext4 / defaults
finish
