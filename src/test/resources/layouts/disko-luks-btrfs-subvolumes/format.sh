# ---- from the layout ----
begin format
need blkid blockdev btrfs cryptsetup findmnt lsblk mkfs.btrfs mkfs.vfat mount partx sgdisk umount wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
need_key raw /tmp/secret.key
need_key raw /tmp/additionalSecret.key
step 1/11 'disk main: partition table'
gpt_table d1
step 2/11 'disk main partition 1 (ESP)'
gpt_partition d1 1 disk-main-ESP disk-main-ESP EF00 R 0 +512M 0 536870912 0000000000000000
step 3/11 'disk main partition 2 (luks)'
gpt_partition d1 2 disk-main-luks disk-main-luks 8300 R 0 '-0' 0 0 0000000000000000
step 4/11 'disk main partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 5/11 'disk main partition 2 (luks): LUKS crypted'
luks_format d1p2 raw /tmp/secret.key '--'
luks_open d1p2 raw /tmp/secret.key crypted '--allow-discards' '--persistent'
luks_add_key d1p2 raw /tmp/secret.key /tmp/additionalSecret.key
step 6/11 'LUKS crypted: btrfs'
make_btrfs /dev/mapper/crypted '-f'
step 7/11 'LUKS crypted: subvolume home'
make_subvolume /dev/mapper/crypted home '--'
step 8/11 'LUKS crypted: subvolume nix'
make_subvolume /dev/mapper/crypted nix '--'
step 9/11 'LUKS crypted: subvolume root'
make_subvolume /dev/mapper/crypted root '--'
step 10/11 'LUKS crypted: subvolume swap'
make_subvolume /dev/mapper/crypted swap '--'
step 11/11 'LUKS crypted: swap file swap/swapfile'
make_swap_file /dev/mapper/crypted swap/swapfile 20M 20971520
finish
