# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs zfs zpool
disk d1 x /dev/sdx SERIAL-sdx '' 68719476736
disk d2 y /dev/sdy SERIAL-sdy '' 68719476736
need_key text /tmp/secret.key
step 1/19 'disk x: partition table'
gpt_table d1
step 2/19 'disk x partition 1 (ESP)'
gpt_partition d1 1 disk-x-ESP disk-x-ESP EF00 R 0 +64M 0 67108864 0000000000000000
step 3/19 'disk x partition 2 (zfs)'
gpt_partition d1 2 disk-x-zfs disk-x-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 4/19 'disk x partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 5/19 'disk y: partition table'
gpt_table d2
step 6/19 'disk y partition 1 (zfs)'
gpt_partition d2 1 disk-y-zfs disk-y-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 7/19 'pool zroot'
make_pool zroot '-o' cachefile=none '-O' com.sun:auto-snapshot=false '-O' compression=zstd '-O' mountpoint=none '--' mirror d1p2 d2p1
step 8/19 'pool zroot file system zroot'
make_dataset zroot com.sun:auto-snapshot=false compression=zstd mountpoint=/
step 9/19 'pool zroot file system encrypted'
make_dataset zroot/encrypted encryption=aes-256-gcm keyformat=passphrase keylocation=file:///tmp/secret.key mountpoint=none
key_on zroot/encrypted file:///tmp/secret.key
step 10/19 'pool zroot file system encrypted/test'
make_dataset zroot/encrypted/test mountpoint=/zfs_crypted
step 11/19 'pool zroot volume zfs_encryptedvolume'
make_volume zroot/zfs_encryptedvolume 10M 10485760 encryption=aes-256-gcm keyformat=passphrase keylocation=file:///tmp/secret.key '--'
key_on zroot/zfs_encryptedvolume file:///tmp/secret.key
step 12/19 'pool zroot volume zfs_encryptedvolume: ext4'
make_filesystem /dev/zvol/zroot/zfs_encryptedvolume ext4
step 13/19 'pool zroot file system zfs_fs'
make_dataset zroot/zfs_fs com.sun:auto-snapshot=true mountpoint=/zfs_fs
step 14/19 'pool zroot file system zfs_legacy_fs'
make_dataset zroot/zfs_legacy_fs mountpoint=legacy
step 15/19 'pool zroot file system zfs_unmounted_fs'
make_dataset zroot/zfs_unmounted_fs mountpoint=none
step 16/19 'pool zroot volume zfs_volume'
make_volume zroot/zfs_volume 10M 10485760 '--'
step 17/19 'pool zroot volume zfs_volume: ext4'
make_filesystem /dev/zvol/zroot/zfs_volume ext4
step 18/19 'pool zroot volume zfs_volume_no_content'
make_volume zroot/zfs_volume_no_content 10M 10485760 '--'
step 19/19 'pool zroot: postCreateHook of zpool'
hook /dev/zvol/zroot 'type=zpool
name='\'''\''
declare -A options=([cachefile]=none)
declare -A rootFsOptions=([com.sun:auto-snapshot]=false [compression]=zstd)
declare -a mountOptions=(defaults)
mountpoint=/
name=zroot
' 'zfs list -t snapshot -H -o name | grep -E "^$name@blank$" || zfs snapshot "$name@blank"'
finish
