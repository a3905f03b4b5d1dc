# ---- from the layout ----
begin mount
need blkid blockdev cryptsetup findmnt lsblk mount partx swapoff swapon umount wipefs zfs zpool
disk d1 a /dev/vdb SERIAL-vdb '' 68719476736
disk d2 b /dev/vdc SERIAL-vdc '' 68719476736
need_key text /tmp/secret.key
step 1/9 'open pool tank'
pool_on tank '-' d1p1 d1p2 d1p3 d1p4 d2p1 d2p2 d2p3 d2p4
step 2/9 'open the key of pool tank file system tank'
key_on tank file:///tmp/secret.key
step 3/9 'open LUKS vault'
luks_open /dev/zvol/tank/vault text /tmp/secret.key vault
step 4/9 'open pool inner'
pool_on inner '-' /dev/mapper/vault
step 5/9 'mount /'
mount_dataset tank/root / defaults
step 6/9 'mount /home'
mount_dataset tank/root/home /home defaults zfsutil
step 7/9 'mount /vault'
mount_dataset inner /vault defaults zfsutil
step 8/9 'mount /vault/data'
mount_dataset inner/data /vault/data defaults zfsutil
step 9/9 'switch on swap on pool tank volume swap'
swap_on /dev/zvol/tank/swap '-' '-' defaults
finish
