# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk lvcreate lvs mdadm mount partx pvcreate pvs umount vgchange vgcreate vgs wipefs
disk d1 one /dev/sda SERIAL-sda '' 68719476736
disk d2 two /dev/sdb SERIAL-sdb '' 68719476736
step 1/2 'activate the volume group pool for reading'
vg_on pool readonly d1p2 d2p2
step 2/2 'look at volume group pool volume root'
print_file /dev/pool/root ext4 /nix/var/nixos-operator/machine.json
finish
