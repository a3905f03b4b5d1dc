# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 /dev/vdb /dev/vdb SERIAL-vdb '' 68719476736
step 1/1 'look at disk /dev/vdb partition 2 (root)'
print_file d1p2 ext4 /nix/var/nixos-operator/machine.json
finish
