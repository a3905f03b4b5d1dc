# ---- from the layout ----
begin look
need blkid blockdev btrfs cryptsetup findmnt lsblk mount partx umount wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
need_key raw /tmp/secret.key
step 1/2 'open LUKS crypted for reading'
luks_open d1p2 raw /tmp/secret.key crypted '--allow-discards' '--readonly'
step 2/2 'look at LUKS crypted'
print_file /dev/mapper/crypted btrfs /var/nixos-operator/machine.json subvol=/nix
finish
