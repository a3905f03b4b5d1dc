# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount parted partx sfdisk umount wipefs
disk d1 main /dev/sda SERIAL-sda '' 68719476736
step 1/1 'look at disk main partition 2 (root)'
print_file d1p2 ext4 /nix/var/nixos-operator/machine.json
finish
