# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 data /dev/disk/by-id/virtio-data SERIAL-vdp '' 68719476736
disk d2 root /dev/disk/by-id/virtio-root SERIAL-vdq '' 68719476736
disk d3 spare /dev/disk/by-id/virtio-spare SERIAL-vdr '' 68719476736
step 1/2 'release /data'
unmount_filesystem d1 /data
step 2/2 'release /'
unmount_filesystem d2 /
finish
