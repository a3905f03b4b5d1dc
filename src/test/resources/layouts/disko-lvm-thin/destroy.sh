# ---- from the layout ----
begin destroy
need blkid blockdev findmnt lsblk lvcreate lvs mkfs.ext4 mkfs.vfat mount partx pvcreate pvs sgdisk thin_check umount vgchange vgcreate vgs wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/2 'release the disks'
release_disks d1
step 2/2 'disk main: wipe'
wipe_disk d1
finish
