# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 main /dev/vdp SERIAL-vdp '' 68719476736
step 1/1 'look at disk main partition 2 (root)'
print_file d1p2 f2fs /nix/var/nixos-operator/machine.json
finish
