# ---- from the layout ----
begin destroy
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mkfs.exfat mkfs.ext2 mkfs.ext3 mkfs.ext4 mkfs.ntfs mount mount.ntfs parted partx pvcreate pvs sfdisk sgdisk umount vgchange vgcreate vgs wipefs
disk d1 a /dev/disk/by-id/virtio-a SERIAL-vdp '' 68719476736
disk d2 b /dev/disk/by-id/virtio-b SERIAL-vdq '' 68719476736
disk d3 c /dev/disk/by-id/virtio-c SERIAL-vdr '' 68719476736
need_key raw /dev/disk/by-id/usb-key 512 4096
step 1/4 'release the disks'
release_disks d1 d2 d3
step 2/4 'disk a: wipe'
wipe_disk d1
step 3/4 'disk b: wipe'
wipe_disk d2
step 4/4 'disk c: wipe'
wipe_disk d3
finish
