# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 '-d $(touch /tmp/pwned)' '/dev/disk/by-id/it'\''s a disk; reboot' SERIAL-vdp '' 68719476736
step 1/2 'release /-a b/$(id)'\''";c'
unmount_filesystem d1p2 '/-a b/$(id)'\''";c'
step 2/2 'release /'
unmount_filesystem d1p1 /
finish
