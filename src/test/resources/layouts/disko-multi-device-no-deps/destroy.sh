# ---- from the layout ----
begin destroy
need blkid blockdev findmnt lsblk mkfs.ext4 mount partx sgdisk umount wipefs
disk d1 disk0 /dev/vda SERIAL-vda '' 68719476736
disk d2 disk1 /dev/vdb SERIAL-vdb '' 68719476736
step 1/3 'release the disks'
release_disks d1 d2
step 2/3 'disk disk0: wipe'
wipe_disk d1
step 3/3 'disk disk1: wipe'
wipe_disk d2
finish
