# ---- from the layout ----
begin look
need blkid blockdev cryptsetup findmnt lsblk mount partx swapoff swapon umount wipefs zfs zpool
disk d1 a /dev/vdb SERIAL-vdb '' 68719476736
disk d2 b /dev/vdc SERIAL-vdc '' 68719476736
need_key text /tmp/secret.key
step 1/2 'import the pool tank for reading'
pool_on tank readonly d1p1 d1p2 d1p3 d1p4 d2p1 d2p2 d2p3 d2p4
key_on tank file:///tmp/secret.key
step 2/2 'look at pool tank file system root'
print_from_dataset tank/root /nix/var/nixos-operator/machine.json
finish
