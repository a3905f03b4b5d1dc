# ---- from the layout ----
begin unmount
need blkid blockdev cryptsetup findmnt lsblk mount partx swapoff swapon umount wipefs zfs zpool
disk d1 a /dev/vdb SERIAL-vdb '' 68719476736
disk d2 b /dev/vdc SERIAL-vdc '' 68719476736
step 1/9 'release swap on pool tank volume swap'
swap_off /dev/zvol/tank/swap
step 2/9 'release /vault/data'
unmount_dataset inner/data /vault/data
step 3/9 'release /vault'
unmount_dataset inner /vault
step 4/9 'release /home'
unmount_dataset tank/root/home /home
step 5/9 'release /'
unmount_dataset tank/root /
step 6/9 'release pool inner'
pool_off inner /dev/mapper/vault
step 7/9 'release LUKS vault'
luks_close /dev/zvol/tank/vault vault
step 8/9 'release the key of pool tank file system tank'
key_off tank
step 9/9 'release pool tank'
pool_off tank d1p1 d1p2 d1p3 d1p4 d2p1 d2p2 d2p3 d2p4
finish
