# ---- from the layout ----
begin format
need blkid blockdev cryptsetup findmnt lsblk mkfs.ext4 mkfs.vfat mkswap mount partx sgdisk swapoff swapon umount wipefs
disk d1 main /dev/disk/by-id/nvme-Test_1 SERIAL-vdp '' 68719476736
need_key text /run/keys/a
need_key raw /run/keys/spare
need_key raw /run/keys/b 16 64
need_key raw /run/keys/c
step 1/14 'disk main: partition table'
gpt_table d1
step 2/14 'disk main partition 1 (ESP)'
gpt_partition d1 1 disk-main-ESP disk-main-ESP EF00 R 0 +512M 0 536870912 0000000000000000
step 3/14 'disk main partition 2 (a)'
gpt_partition d1 2 disk-main-a disk-main-a 8300 R 0 +20G 0 21474836480 0000000000000000
step 4/14 'disk main partition 3 (b)'
gpt_partition d1 3 disk-main-b disk-main-b 8300 R 0 +20G 0 21474836480 0000000000000000
step 5/14 'disk main partition 4 (c)'
gpt_partition d1 4 disk-main-c disk-main-c 8300 R 0 +4G 0 4294967296 0000000000000000
step 6/14 'disk main partition 5 (spare)'
gpt_partition d1 5 disk-main-spare disk-main-spare 8200 R 0 +1G 0 1073741824 0000000000000000
step 7/14 'disk main partition 1 (ESP): vfat'
make_filesystem d1p1 vfat '-n' EFI
step 8/14 'disk main partition 2 (a): LUKS secret-a'
luks_format d1p2 text /run/keys/a '--' '--pbkdf' argon2id '--label=my disk'
luks_open d1p2 text /run/keys/a secret-a '--allow-discards' '--perf-no_read_workqueue' '--perf-no_write_workqueue' '--persistent'
luks_add_key d1p2 text /run/keys/a /run/keys/spare
step 9/14 'LUKS secret-a: ext4'
make_filesystem /dev/mapper/secret-a ext4
step 10/14 'disk main partition 3 (b): LUKS secret-b'
luks_format d1p3 raw /run/keys/b '--keyfile-size=64' '--keyfile-offset=16' '--'
luks_open d1p3 raw /run/keys/b secret-b '--keyfile-size=64' '--keyfile-offset=16' '--debug'
step 11/14 'LUKS secret-b: ext4'
make_filesystem /dev/mapper/secret-b ext4
step 12/14 'disk main partition 4 (c): LUKS swap-c'
luks_format d1p4 raw /run/keys/c '--'
luks_open d1p4 raw /run/keys/c swap-c
step 13/14 'LUKS swap-c: swap'
make_swap /dev/mapper/swap-c
step 14/14 'disk main partition 5 (spare): swap'
make_swap d1p5 '-L' spare
finish
