# ---- from the layout ----
begin destroy
need blkid blockdev findmnt lsblk mkfs.ext4 mount partx sgdisk umount wipefs
disk d1 '-d $(touch /tmp/pwned)' '/dev/disk/by-id/it'\''s a disk; reboot' SERIAL-vdp '' 68719476736
step 1/2 'release the disks'
release_disks d1
step 2/2 'disk -d $(touch /tmp/pwned): wipe'
wipe_disk d1
finish
