# ---- from the layout ----
begin look
need blkid blockdev cryptsetup findmnt lsblk mdadm mount partx umount wipefs
disk d1 a /dev/sda SERIAL-sda '' 68719476736
disk d2 b /dev/sdb SERIAL-sdb '' 68719476736
need_key raw /tmp/secret.key
step 1/3 'assemble the array raid1 for reading'
array_on raid1 readonly d1p3 d2p3
step 2/3 'open LUKS crypted for reading'
luks_open /dev/md/raid1 raw /tmp/secret.key crypted '--readonly'
step 3/3 'look at LUKS crypted'
print_file /dev/mapper/crypted ext4 /nix/var/nixos-operator/machine.json
finish
