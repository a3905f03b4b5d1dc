# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 data /dev/disk/by-id/virtio-data SERIAL-vdp '' 68719476736
disk d2 root /dev/disk/by-id/virtio-root SERIAL-vdq '' 68719476736
disk d3 spare /dev/disk/by-id/virtio-spare SERIAL-vdr '' 68719476736
step 1/2 'mount /'
mount_filesystem d2 ext4 / defaults
step 2/2 'mount /data'
mount_filesystem d1 ext4 /data defaults
finish
