# ---- from the layout ----
begin mount
need blkid blockdev cryptsetup findmnt lsblk mount partx swapoff swapon umount wipefs zfs zpool
disk d1 a /dev/vdb SERIAL-vdb '' 68719476736
disk d2 b /dev/vdc SERIAL-vdc '' 68719476736
need_key text /tmp/secret.key
step 1/13 'open LUKS one'
luks_open d2p5 text /tmp/secret.key one
step 2/13 'open LUKS two'
luks_open d2p6 text /tmp/secret.key two
step 3/13 'open pool tank'
pool_on tank '-' d1p1 d1p2 d1p3 d1p4 d2p1 d2p2 d2p3 d2p4
step 4/13 'open the key of pool tank file system tank'
key_on tank file:///tmp/secret.key
step 5/13 'open LUKS vault'
luks_open /dev/zvol/tank/vault text /tmp/secret.key vault
step 6/13 'open pool inner'
pool_on inner '-' /dev/mapper/vault
step 7/13 'mount /'
mount_dataset tank/root / defaults
step 8/13 'mount /home'
mount_dataset tank/root/home /home defaults zfsutil
step 9/13 'mount /one'
mount_filesystem /dev/mapper/one ext4 /one defaults
step 10/13 'mount /two'
mount_filesystem /dev/mapper/two ext4 /two defaults
step 11/13 'mount /vault'
mount_dataset inner /vault defaults zfsutil
step 12/13 'mount /vault/data'
mount_dataset inner/data /vault/data defaults zfsutil
step 13/13 'switch on swap on pool tank volume swap'
swap_on /dev/zvol/tank/swap '-' '-' defaults
finish
