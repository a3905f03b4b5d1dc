# ---- from the layout ----
begin mount
need blkid blockdev btrfs findmnt lsblk mount partx umount wipefs
disk d1 main /dev/vdp SERIAL-vdp '' 68719476736
step 1/6 'mount /'
mount_subvolume d1p2 /rootfs / defaults subvol=/rootfs
step 2/6 'mount /.swapvol'
mount_subvolume d1p2 /swap /.swapvol defaults subvol=/swap
step 3/6 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
step 4/6 'mount /home'
mount_subvolume d1p2 /home /home compress=zstd subvol=/home
step 5/6 'mount /nix'
mount_subvolume d1p2 /nix /nix compress=zstd noatime subvol=/nix
step 6/6 'mount /partition-root'
mount_subvolume d1p2 '-' /partition-root defaults
finish
