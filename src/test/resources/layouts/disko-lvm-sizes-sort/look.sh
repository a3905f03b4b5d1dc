# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk lvcreate lvs mount partx pvcreate pvs umount vgchange vgcreate vgs wipefs
disk d1 one /dev/disk/by-id/ata-VMware_Virtual_SATA_CDRW_Drive_00000000000000000001 SERIAL-vdp '' 68719476736
step 1/2 'activate the volume group pool for reading'
vg_on pool readonly d1p2
step 2/2 'look at volume group pool volume root'
print_file /dev/pool/root ext4 /nix/var/nixos-operator/machine.json
finish
