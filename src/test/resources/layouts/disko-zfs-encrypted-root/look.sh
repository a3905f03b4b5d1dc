# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount partx swapoff swapon umount wipefs zfs zpool
disk d1 root /dev/nvme0n1 SERIAL-nvme0n1 '' 68719476736
need_key text /tmp/secret.key
step 1/2 'import the pool zroot for reading'
pool_on zroot readonly d1p2
key_on zroot/root file:///tmp/secret.key
step 2/2 'look at pool zroot file system root/nix'
print_from_dataset zroot/root/nix /var/nixos-operator/machine.json zfsutil
finish
