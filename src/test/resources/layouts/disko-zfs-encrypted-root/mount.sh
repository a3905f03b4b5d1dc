# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx swapoff swapon umount wipefs zfs zpool
disk d1 root /dev/nvme0n1 SERIAL-nvme0n1 '' 68719476736
need_key text /tmp/secret.key
step 1/6 'open pool zroot'
pool_on zroot '-' d1p2
step 2/6 'open the key of pool zroot file system root'
key_on zroot/root file:///tmp/secret.key
step 3/6 'mount /'
mount_dataset zroot/root / defaults zfsutil
step 4/6 'mount /boot'
mount_filesystem d1p1 vfat /boot nofail
step 5/6 'mount /nix'
mount_dataset zroot/root/nix /nix defaults zfsutil
step 6/6 'switch on swap on pool zroot volume root/swap'
swap_on /dev/zvol/zroot/root/swap '-' '-' defaults
finish
