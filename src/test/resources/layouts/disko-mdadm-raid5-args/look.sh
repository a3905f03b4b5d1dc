# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mdadm mount partx umount wipefs
disk d1 disk1 /dev/my-disk SERIAL-my-disk '' 68719476736
disk d2 disk2 /dev/my-disk2 SERIAL-my-disk2 '' 68719476736
step 1/2 'assemble the array raid5 for reading'
array_on raid5 readonly d1p2 d2p2
step 2/2 'look at array raid5 partition 1 (primary)'
print_file /dev/md/raid5//1 ext4 /nix/var/nixos-operator/machine.json
finish
