# ---- from the layout ----
begin destroy
need blkid blockdev findmnt lsblk mkfs.ext4 mount partx sgdisk umount wipefs
disk d1 /dev/vdb /dev/vdb SERIAL-vdb '' 68719476736
step 1/2 'release the disks'
release_disks d1
step 2/2 'disk /dev/vdb: wipe'
wipe_disk d1
finish
