# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx swapoff swapon umount wipefs zfs zpool
disk d1 root /dev/nvme0n1 SERIAL-nvme0n1 '' 68719476736
step 1/6 'release swap on pool zroot volume root/swap'
swap_off /dev/zvol/zroot/root/swap
step 2/6 'release /nix'
unmount_dataset zroot/root/nix /nix
step 3/6 'release /boot'
unmount_filesystem d1p1 /boot
step 4/6 'release /'
unmount_dataset zroot/root /
step 5/6 'release the key of pool zroot file system root'
key_off zroot/root
step 6/6 'release pool zroot'
pool_off zroot d1p2
finish
