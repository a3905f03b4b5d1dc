# ---- from the layout ----
begin look
need blkid blockdev btrfs cryptsetup findmnt lsblk mount partx umount wipefs
disk d1 disk1 /dev/sda SERIAL-sda '' 68719476736
disk d2 disk2 /dev/sdb SERIAL-sdb '' 68719476736
need_key raw /tmp/secret.key
step 1/3 'open LUKS p2 for reading'
luks_open d2p1 raw /tmp/secret.key p2 '--allow-discards' '--readonly'
step 2/3 'open LUKS p1 for reading'
luks_open d1p2 raw /tmp/secret.key p1 '--allow-discards' '--readonly'
step 3/3 'look at LUKS p2'
print_file /dev/mapper/p2 btrfs /nix/var/nixos-operator/machine.json subvol=/root device=/dev/mapper/p1
finish
