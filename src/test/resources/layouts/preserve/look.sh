# ---- from the layout ----
begin look
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mount partx pvcreate pvs umount vgchange vgcreate vgs wipefs
disk d1 archive /dev/vdc SERIAL-vdc '' 68719476736
disk d2 main /dev/vdb SERIAL-vdb '' 68719476736
need_key text /tmp/secret.key
step 1/1 'look at disk main partition 4 (root)'
print_file d2p4 ext4 /nix/var/nixos-operator/machine.json
finish
