# ---- from the layout ----
begin mount
need blkid blockdev btrfs cryptsetup findmnt lsblk mount partx umount wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
need_key raw /tmp/secret.key
step 1/6 'open LUKS crypted'
luks_open d1p2 raw /tmp/secret.key crypted '--allow-discards'
step 2/6 'mount /'
mount_subvolume /dev/mapper/crypted /root / compress=zstd noatime subvol=/root
step 3/6 'mount /.swapvol'
mount_subvolume /dev/mapper/crypted /swap /.swapvol defaults subvol=/swap
step 4/6 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
step 5/6 'mount /home'
mount_subvolume /dev/mapper/crypted /home /home compress=zstd noatime subvol=/home
step 6/6 'mount /nix'
mount_subvolume /dev/mapper/crypted /nix /nix compress=zstd noatime subvol=/nix
finish
