# ---- from the layout ----
begin unmount
need blkid blockdev btrfs cryptsetup findmnt lsblk mount partx umount wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/6 'release /nix'
unmount_filesystem /dev/mapper/crypted /nix
step 2/6 'release /home'
unmount_filesystem /dev/mapper/crypted /home
step 3/6 'release /boot'
unmount_filesystem d1p1 /boot
step 4/6 'release /.swapvol'
unmount_filesystem /dev/mapper/crypted /.swapvol
step 5/6 'release /'
unmount_filesystem /dev/mapper/crypted /
step 6/6 'release LUKS crypted'
luks_close d1p2 crypted
finish
