# ---- from the layout ----
begin destroy
need blkid blockdev findmnt lsblk lvcreate lvs mkfs.ext4 mkfs.vfat mount partx pvcreate pvs sgdisk umount vgchange vgcreate vgs wipefs
disk d1 one /dev/disk/by-id/ata-VMware_Virtual_SATA_CDRW_Drive_00000000000000000001 SERIAL-vdp '' 68719476736
step 1/2 'release the disks'
release_disks d1
step 2/2 'disk one: wipe'
wipe_disk d1
finish
