# ---- from the layout ----
begin unmount
need blkid blockdev cryptsetup findmnt lsblk mount partx swapoff swapon umount wipefs
disk d1 main /dev/disk/by-id/nvme-Test_1 SERIAL-vdp '' 68719476736
step 1/8 'release swap on disk main partition 5 (spare)'
swap_off d1p5
step 2/8 'release swap on LUKS swap-c'
swap_off /dev/mapper/swap-c
step 3/8 'release /nix'
unmount_filesystem /dev/mapper/secret-a /nix
step 4/8 'release /boot'
unmount_filesystem d1p1 /boot
step 5/8 'release /'
unmount_filesystem /dev/mapper/secret-b /
step 6/8 'release LUKS swap-c'
luks_close d1p4 swap-c
step 7/8 'release LUKS secret-b'
luks_close d1p3 secret-b
step 8/8 'release LUKS secret-a'
luks_close d1p2 secret-a
finish
