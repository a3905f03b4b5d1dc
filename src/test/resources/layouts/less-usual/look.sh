# ---- from the layout ----
begin look
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mount mount.ntfs parted partx pvcreate pvs sfdisk umount vgchange vgcreate vgs wipefs
disk d1 a /dev/disk/by-id/virtio-a SERIAL-vdp '' 68719476736
disk d2 b /dev/disk/by-id/virtio-b SERIAL-vdq '' 68719476736
disk d3 c /dev/disk/by-id/virtio-c SERIAL-vdr '' 68719476736
need_key raw /dev/disk/by-id/usb-key 512 4096
step 1/3 'open LUKS b for reading'
luks_open d2 raw /dev/disk/by-id/usb-key b '--keyfile-size=4096' '--keyfile-offset=512' '--readonly'
step 2/3 'activate the volume group pool for reading'
vg_on pool readonly d1p4 /dev/mapper/b
step 3/3 'look at volume group pool volume root'
print_file /dev/pool/root ext4 /nix/var/nixos-operator/machine.json
finish
