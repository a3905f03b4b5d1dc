# ---- from the layout ----
begin format
need blkid blockdev cryptsetup findmnt lsblk mkfs.ext4 mkswap mount partx sgdisk swapoff swapon umount wipefs zfs zpool
disk d1 a /dev/vdb SERIAL-vdb '' 68719476736
disk d2 b /dev/vdc SERIAL-vdc '' 68719476736
need_key text /tmp/secret.key
step 1/27 'disk a: partition table'
gpt_table d1
step 2/27 'disk a partition 1 (data)'
gpt_partition d1 1 disk-a-data disk-a-data 8300 R 0 +600M 0 629145600 0000000000000000
step 3/27 'disk a partition 2 (log)'
gpt_partition d1 2 disk-a-log disk-a-log 8300 R 0 +100M 0 104857600 0000000000000000
step 4/27 'disk a partition 3 (spare)'
gpt_partition d1 3 disk-a-spare disk-a-spare 8300 R 0 +600M 0 629145600 0000000000000000
step 5/27 'disk a partition 4 (special)'
gpt_partition d1 4 disk-a-special disk-a-special 8300 R 0 +200M 0 209715200 0000000000000000
step 6/27 'disk b: partition table'
gpt_table d2
step 7/27 'disk b partition 1 (cache)'
gpt_partition d2 1 disk-b-cache disk-b-cache 8300 R 0 +100M 0 104857600 0000000000000000
step 8/27 'disk b partition 2 (log)'
gpt_partition d2 2 disk-b-log disk-b-log 8300 R 0 +100M 0 104857600 0000000000000000
step 9/27 'disk b partition 3 (special)'
gpt_partition d2 3 disk-b-special disk-b-special 8300 R 0 +200M 0 209715200 0000000000000000
step 10/27 'disk b partition 4 (zfs)'
gpt_partition d2 4 disk-b-zfs disk-b-zfs 8300 R 0 +600M 0 629145600 0000000000000000
step 11/27 'disk b partition 5 (zz1)'
gpt_partition d2 5 disk-b-zz1 disk-b-zz1 8300 R 0 +64M 0 67108864 0000000000000000
step 12/27 'disk b partition 6 (zz2)'
gpt_partition d2 6 disk-b-zz2 disk-b-zz2 8300 R 0 +64M 0 67108864 0000000000000000
step 13/27 'disk b partition 5 (zz1): LUKS one'
luks_format d2p5 text /tmp/secret.key '--' '--pbkdf=pbkdf2' '--iter-time=1'
luks_open d2p5 text /tmp/secret.key one
step 14/27 'LUKS one: ext4'
make_filesystem /dev/mapper/one ext4
step 15/27 'disk b partition 6 (zz2): LUKS two'
luks_format d2p6 text /tmp/secret.key '--' '--pbkdf=pbkdf2' '--iter-time=1'
luks_open d2p6 text /tmp/secret.key two
step 16/27 'LUKS two: ext4'
make_filesystem /dev/mapper/two ext4
step 17/27 'pool tank'
make_pool tank '-o' ashift=12 '-o' autotrim=on '-O' canmount=off '-O' compression=zstd '-O' encryption=on '-O' keyformat=passphrase '-O' keylocation=file:///tmp/secret.key '-O' mountpoint=none '--' mirror d1p1 d2p4 spare d1p3 log mirror d1p2 d2p2 special mirror d1p4 d2p3 cache d2p1
step 18/27 'pool tank file system tank'
make_dataset tank canmount=off compression=zstd encryption=on keyformat=passphrase keylocation=file:///tmp/secret.key
key_on tank file:///tmp/secret.key
step 19/27 'pool tank file system root'
make_dataset tank/root mountpoint=legacy
step 20/27 'pool tank file system root/home'
make_dataset tank/root/home mountpoint=/home quota=100M
step 21/27 'pool tank volume swap'
make_volume tank/swap 32M 33554432 '--'
step 22/27 'pool tank volume swap: swap'
make_swap /dev/zvol/tank/swap
step 23/27 'pool tank volume vault'
make_volume tank/vault 160M 167772160 volblocksize=16K '--' '-s'
step 24/27 'pool tank volume vault: LUKS vault'
luks_format /dev/zvol/tank/vault text /tmp/secret.key '--'
luks_open /dev/zvol/tank/vault text /tmp/secret.key vault
step 25/27 'pool inner'
make_pool inner '-O' mountpoint=none '--' /dev/mapper/vault
step 26/27 'pool inner file system inner'
make_dataset inner mountpoint=/vault
step 27/27 'pool inner file system data'
make_dataset inner/data com.sun:auto-snapshot=false mountpoint=/vault/data
finish
