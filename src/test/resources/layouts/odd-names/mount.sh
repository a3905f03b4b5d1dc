# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 '-d $(touch /tmp/pwned)' '/dev/disk/by-id/it'\''s a disk; reboot' SERIAL-vdp '' 68719476736
step 1/2 'mount /'
mount_filesystem d1p1 ext4 / defaults
step 2/2 'mount /-a b/$(id)'\''";c'
mount_filesystem d1p2 ext4 '/-a b/$(id)'\''";c' 'x-a=$(id)'\''' '-o'
finish
