# ---- from the layout ----
begin look
need bcachefs blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 vdb /dev/vdb SERIAL-vdb '' 68719476736
disk d2 vdc /dev/vdc SERIAL-vdc '' 68719476736
disk d3 vdd /dev/vdd SERIAL-vdd '' 68719476736
disk d4 vde /dev/vde SERIAL-vde '' 68719476736
need_key text /tmp/secret.key
step 1/1 'look at bcachefs mounted_subvolumes_in_multi'
print_from_bcachefs /tmp/secret.key /subvolumes/nix/var/nixos-operator/machine.json d1p2 d2p1 d3p1
finish
