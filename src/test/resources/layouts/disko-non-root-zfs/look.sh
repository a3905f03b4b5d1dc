# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount partx umount wipefs zfs zpool
disk d1 a /dev/sda SERIAL-sda '' 68719476736
disk d2 x /dev/sdx SERIAL-sdx '' 68719476736
disk d3 y /dev/sdy SERIAL-sdy '' 68719476736
disk d4 z /dev/sdz SERIAL-sdz '' 68719476736
step 1/1 'look at disk x partition 2 (root)'
print_file d2p2 ext4 /nix/var/nixos-operator/machine.json
finish
