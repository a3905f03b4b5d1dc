# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 data /dev/disk/by-id/virtio-data SERIAL-vdp '' 68719476736
disk d2 root /dev/disk/by-id/virtio-root SERIAL-vdq '' 68719476736
disk d3 spare /dev/disk/by-id/virtio-spare SERIAL-vdr '' 68719476736
step 1/1 'look at disk root'
print_file d2 ext4 /nix/var/nixos-operator/machine.json
finish
