# ---- from the layout ----
begin unmount
need blkid blockdev cryptsetup findmnt lsblk mount partx swapoff swapon umount wipefs zfs zpool
disk d1 a /dev/vdb SERIAL-vdb '' 68719476736
disk d2 b /dev/vdc SERIAL-vdc '' 68719476736
step 1/13 'release swap on pool tank volume swap'
swap_off /dev/zvol/tank/swap
step 2/13 'release /vault/data'
unmount_dataset inner/data /vault/data
step 3/13 'release /vault'
unmount_dataset inner /vault
step 4/13 'release /two'
unmount_filesystem /dev/mapper/two /two
step 5/13 'release /one'
unmount_filesystem /dev/mapper/one /one
step 6/13 'release /home'
unmount_dataset tank/root/home /home
step 7/13 'release /'
unmount_dataset tank/root /
step 8/13 'release pool inner'
pool_off inner /dev/mapper/vault
step 9/13 'release LUKS vault'
luks_close /dev/zvol/tank/vault vault
step 10/13 'release the key of pool tank file system tank'
key_off tank
step 11/13 'release pool tank'
pool_off tank d1p1 d1p2 d1p3 d1p4 d2p1 d2p2 d2p3 d2p4
step 12/13 'release LUKS two'
luks_close d2p6 two
step 13/13 'release LUKS one'
luks_close d2p5 one
finish
