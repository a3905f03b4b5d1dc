# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 disk0 /dev/disk/by-id/ata-disk0 SERIAL-vdp '' 68719476736
step 1/1 'look at disk disk0 partition 1 (nix)'
print_file d1p1 ext4 /nix/var/nixos-operator/machine.json
finish
