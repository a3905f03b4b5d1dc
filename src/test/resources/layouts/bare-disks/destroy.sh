# ---- from the layout ----
begin destroy
need blkid blockdev findmnt lsblk mkfs.ext4 mount partx sgdisk umount wipefs
disk d1 data /dev/disk/by-id/virtio-data SERIAL-vdp '' 68719476736
disk d2 root /dev/disk/by-id/virtio-root SERIAL-vdq '' 68719476736
disk d3 spare /dev/disk/by-id/virtio-spare SERIAL-vdr '' 68719476736
step 1/3 'release the disks'
release_disks d2 d3
step 2/3 'disk root: wipe'
wipe_disk d2
step 3/3 'disk spare: wipe'
wipe_disk d3
finish
