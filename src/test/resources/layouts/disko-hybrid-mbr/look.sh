# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount partx sfdisk umount wipefs
disk d1 main /dev/sdb SERIAL-sdb '' 68719476736
step 1/1 'look at disk main partition 3 (root)'
print_file d1p3 ext4 /nix/var/nixos-operator/machine.json
finish
