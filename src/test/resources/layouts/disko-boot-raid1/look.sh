# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mdadm mount partx umount wipefs
disk d1 one /dev/sda SERIAL-sda '' 68719476736
disk d2 two /dev/sdb SERIAL-sdb '' 68719476736
step 1/2 'assemble the array raid1 for reading'
array_on raid1 readonly d1p3 d2p3
step 2/2 'look at array raid1 partition 1 (primary)'
print_file /dev/md/raid1//1 ext4 /nix/var/nixos-operator/machine.json
finish
