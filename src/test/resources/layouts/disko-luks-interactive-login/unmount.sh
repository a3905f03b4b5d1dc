# ---- from the layout ----
begin unmount
need blkid blockdev cryptsetup findmnt lsblk mount partx umount wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/3 'release /boot'
unmount_filesystem d1p1 /boot
step 2/3 'release /'
unmount_filesystem /dev/mapper/crypted /
step 3/3 'release LUKS crypted'
luks_close d1p2 crypted
finish
