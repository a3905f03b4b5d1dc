# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk lvcreate lvs mount partx pvcreate pvs thin_check umount vgchange vgcreate vgs wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/2 'activate the volume group mainpool for reading'
vg_on mainpool '-' d1p2
step 2/2 'look at volume group mainpool volume root'
print_file /dev/mainpool/root ext4 /nix/var/nixos-operator/machine.json
finish
