# ---- from the layout ----
begin destroy
need blkid blockdev findmnt lsblk lvcreate lvs mdadm mkfs.ext4 mkfs.vfat mount partx pvcreate pvs sgdisk umount vgchange vgcreate vgs wipefs
disk d1 one /dev/sda SERIAL-sda '' 68719476736
disk d2 two /dev/sdb SERIAL-sdb '' 68719476736
step 1/3 'release the disks'
release_disks d1 d2
step 2/3 'disk one: wipe'
wipe_disk d1
step 3/3 'disk two: wipe'
wipe_disk d2
finish
