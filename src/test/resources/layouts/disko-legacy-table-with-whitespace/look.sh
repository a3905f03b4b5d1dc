# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount parted partx sfdisk umount wipefs
disk d1 vdb /dev/sda SERIAL-sda '' 68719476736
step 1/1 'look at disk vdb partition 3 (root)'
print_file d1p3 ext4 /nix/var/nixos-operator/machine.json
finish
