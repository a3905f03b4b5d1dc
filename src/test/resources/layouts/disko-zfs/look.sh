# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount partx umount wipefs zfs zpool
disk d1 x /dev/sdx SERIAL-sdx '' 68719476736
disk d2 y /dev/sdy SERIAL-sdy '' 68719476736
need_key text /tmp/secret.key
step 1/2 'import the pool zroot for reading'
pool_on zroot readonly d1p2 d2p1
key_on zroot/encrypted file:///tmp/secret.key
key_on zroot/zfs_encryptedvolume file:///tmp/secret.key
step 2/2 'look at pool zroot file system zroot'
print_from_dataset zroot /nix/var/nixos-operator/machine.json zfsutil
finish
