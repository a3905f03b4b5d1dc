# ---- from the layout ----
begin destroy
need blkid blockdev findmnt lsblk mdadm mkfs.ext4 mount partx sgdisk umount wipefs
disk d1 disk1 /dev/my-disk SERIAL-my-disk '' 68719476736
disk d2 disk2 /dev/my-disk2 SERIAL-my-disk2 '' 68719476736
step 1/3 'release the disks'
release_disks d1 d2
step 2/3 'disk disk1: wipe'
wipe_disk d1
step 3/3 'disk disk2: wipe'
wipe_disk d2
finish
