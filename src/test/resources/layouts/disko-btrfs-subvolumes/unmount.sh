# ---- from the layout ----
begin unmount
need blkid blockdev btrfs findmnt lsblk mount partx umount wipefs
disk d1 main /dev/vdp SERIAL-vdp '' 68719476736
step 1/6 'release /partition-root'
unmount_filesystem d1p2 /partition-root
step 2/6 'release /nix'
unmount_filesystem d1p2 /nix
step 3/6 'release /home'
unmount_filesystem d1p2 /home
step 4/6 'release /boot'
unmount_filesystem d1p1 /boot
step 5/6 'release /.swapvol'
unmount_filesystem d1p2 /.swapvol
step 6/6 'release /'
unmount_filesystem d1p2 /
finish
