# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 vdb /dev/disk/by-id/some-disk-id SERIAL-vdp '' 68719476736
step 1/1 'look at disk vdb partition 4 (root)'
print_file d1p4 ext4 /nix/var/nixos-operator/machine.json
finish
