# ---- from the layout ----
begin mount
need blkid blockdev cryptsetup findmnt lsblk mount partx swapoff swapon umount wipefs
disk d1 main /dev/disk/by-id/nvme-Test_1 SERIAL-vdp '' 68719476736
need_key text /run/keys/a
need_key raw /run/keys/b 16 64
need_key raw /run/keys/c
step 1/8 'open LUKS secret-a'
luks_open d1p2 text /run/keys/a secret-a '--allow-discards' '--perf-no_read_workqueue' '--perf-no_write_workqueue'
step 2/8 'open LUKS secret-b'
luks_open d1p3 raw /run/keys/b secret-b '--keyfile-size=64' '--keyfile-offset=16' '--debug'
step 3/8 'open LUKS swap-c'
luks_open d1p4 raw /run/keys/c swap-c
step 4/8 'mount /'
mount_filesystem /dev/mapper/secret-b ext4 / defaults
step 5/8 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
step 6/8 'mount /nix'
mount_filesystem /dev/mapper/secret-a ext4 /nix defaults
step 7/8 'switch on swap on LUKS swap-c'
swap_on /dev/mapper/swap-c both 10 defaults
step 8/8 'switch on swap on disk main partition 5 (spare)'
swap_on d1p5 once 5 defaults,nofail
finish
