# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount partx umount wipefs zfs zpool
disk d1 disk1 /dev/vdb SERIAL-vdb '' 68719476736
disk d2 disk2 /dev/vdc SERIAL-vdc '' 68719476736
step 1/1 'look at disk disk1 partition 2 (primary)'
print_file d1p2 ext4 /nix/var/nixos-operator/machine.json
finish
