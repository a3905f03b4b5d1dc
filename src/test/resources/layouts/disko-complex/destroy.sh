# ---- from the layout ----
begin destroy
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mdadm mkfs.ext4 mkfs.vfat mount partx pvcreate pvs sgdisk umount vgchange vgcreate vgs wipefs zfs zpool
disk d1 disk0 /dev/disk/by-id/ata-QEMU_HARDDISK_QM00001 SERIAL-vdp '' 68719476736
disk d2 disk1 /dev/disk/by-id/ata-QEMU_HARDDISK_QM00002 SERIAL-vdq '' 68719476736
disk d3 disk2 /dev/disk/by-id/ata-QEMU_HARDDISK_QM00003 SERIAL-vdr '' 68719476736
need_key raw /tmp/secret.key
need_key raw /tmp/additionalSecret.key
need_key raw /tmp/secret.key 2 8
step 1/4 'release the disks'
release_disks d1 d2 d3
step 2/4 'disk disk0: wipe'
wipe_disk d1
step 3/4 'disk disk1: wipe'
wipe_disk d2
step 4/4 'disk disk2: wipe'
wipe_disk d3
finish
