# ---- from the layout ----
begin destroy
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mkfs.ext4 mkfs.vfat mount partx pvcreate pvs sgdisk umount vgchange vgcreate vgs wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
need_key raw /tmp/secret.key
need_key raw /tmp/additionalSecret.key
step 1/2 'release the disks'
release_disks d1
step 2/2 'disk main: wipe'
wipe_disk d1
finish
