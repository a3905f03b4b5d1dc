# ---- from the layout ----
begin format
need blkid blockdev btrfs findmnt lsblk mkfs.btrfs mkfs.vfat mount partx sgdisk umount wipefs
disk d1 main /dev/vdp SERIAL-vdp '' 68719476736
step 1/15 'disk main: partition table'
gpt_table d1
step 2/15 'disk main partition 1 (ESP)'
gpt_partition d1 1 disk-main-ESP disk-main-ESP EF00 R 1M 128M 0 0 0000000000000000
step 3/15 'disk main partition 2 (root)'
gpt_partition d1 2 disk-main-root disk-main-root 8300 R 0 '-0' 0 0 0000000000000000
step 4/15 'disk main partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 5/15 'disk main partition 2 (root): btrfs'
make_btrfs d1p2 '-f'
step 6/15 'disk main partition 2 (root): swap file swapfile'
make_swap_file d1p2 swapfile 20M 20971520
step 7/15 'disk main partition 2 (root): swap file swapfile1'
make_swap_file d1p2 swapfile1 20M 20971520
step 8/15 'disk main partition 2 (root): subvolume home'
make_subvolume d1p2 home '--'
step 9/15 'disk main partition 2 (root): subvolume home/user'
make_subvolume d1p2 home/user '--'
step 10/15 'disk main partition 2 (root): subvolume nix'
make_subvolume d1p2 nix '--'
step 11/15 'disk main partition 2 (root): subvolume rootfs'
make_subvolume d1p2 rootfs '--'
step 12/15 'disk main partition 2 (root): subvolume swap'
make_subvolume d1p2 swap '--'
step 13/15 'disk main partition 2 (root): swap file swap/swapfile'
make_swap_file d1p2 swap/swapfile 20M 20971520
step 14/15 'disk main partition 2 (root): swap file swap/rel-path'
make_swap_file d1p2 swap/rel-path 20M 20971520
step 15/15 'disk main partition 2 (root): subvolume test'
make_subvolume d1p2 test '--'
finish
