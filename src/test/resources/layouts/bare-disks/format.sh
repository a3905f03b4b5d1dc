# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mount partx sgdisk umount wipefs
disk d1 data /dev/disk/by-id/virtio-data SERIAL-vdp '' 68719476736
disk d2 root /dev/disk/by-id/virtio-root SERIAL-vdq '' 68719476736
disk d3 spare /dev/disk/by-id/virtio-spare SERIAL-vdr '' 68719476736
step 1/2 'disk data: ext4'
make_filesystem d1 ext4
step 2/2 'disk root: ext4'
make_filesystem d2 ext4
finish
