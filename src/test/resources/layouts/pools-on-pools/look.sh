# ---- from the layout ----
begin look
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mdadm mount partx pvcreate pvs swapoff swapon umount vgchange vgcreate vgs wipefs
disk d1 a /dev/vdb SERIAL-vdb '' 68719476736
disk d2 b /dev/vdc SERIAL-vdc '' 68719476736
need_key text /run/keys/disk
step 1/5 'open LUKS a for reading'
luks_open d1p2 text /run/keys/disk a '--readonly'
step 2/5 'open LUKS b for reading'
luks_open d2p1 text /run/keys/disk b '--readonly'
step 3/5 'assemble the array both for reading'
array_on both readonly /dev/mapper/a /dev/mapper/b
step 4/5 'activate the volume group pool for reading'
vg_on pool readonly /dev/md/both
step 5/5 'look at volume group pool volume root'
print_file /dev/pool/root ext4 /nix/var/nixos-operator/machine.json
finish
