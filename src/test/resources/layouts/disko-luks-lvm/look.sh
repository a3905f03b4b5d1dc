# ---- from the layout ----
begin look
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mount partx pvcreate pvs umount vgchange vgcreate vgs wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
need_key raw /tmp/secret.key
step 1/3 'open LUKS crypted for reading'
luks_open d1p2 raw /tmp/secret.key crypted '--allow-discards' '--readonly'
step 2/3 'activate the volume group pool for reading'
vg_on pool readonly /dev/mapper/crypted
step 3/3 'look at volume group pool volume root'
print_file /dev/pool/root ext4 /nix/var/nixos-operator/machine.json
finish
