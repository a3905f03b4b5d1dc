# ---- from the layout ----
begin destroy
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mkfs.ext4 mkfs.vfat mkfs.xfs mount partx pvcreate pvs sgdisk umount vgchange vgcreate vgs wipefs
disk d1 archive /dev/vdc SERIAL-vdc '' 68719476736
disk d2 main /dev/vdb SERIAL-vdb '' 68719476736
need_key text /tmp/secret.key
finish
