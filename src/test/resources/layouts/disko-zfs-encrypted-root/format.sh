# ---- from the layout ----
begin format
need blkid blockdev findmnt lsblk mkfs.vfat mkswap mount partx sgdisk swapoff swapon umount wipefs zfs zpool
disk d1 root /dev/nvme0n1 SERIAL-nvme0n1 '' 68719476736
need_key text /tmp/secret.key
step 1/11 'disk root: partition table'
gpt_table d1
step 2/11 'disk root partition 1 (ESP)'
gpt_partition d1 1 disk-root-ESP disk-root-ESP EF00 R 0 +1G 0 1073741824 0000000000000000
step 3/11 'disk root partition 2 (zfs)'
gpt_partition d1 2 disk-root-zfs disk-root-zfs 8300 R 0 '-0' 0 0 0000000000000000
step 4/11 'disk root partition 1 (ESP): vfat'
make_filesystem d1p1 vfat
step 5/11 'pool zroot'
make_pool zroot '-o' ashift=12 '-O' acltype=posixacl '-O' com.sun:auto-snapshot=true '-O' compression=zstd '-O' mountpoint=none '-O' xattr=sa '--' d1p2
step 6/11 'pool zroot file system zroot'
make_dataset zroot acltype=posixacl com.sun:auto-snapshot=true compression=zstd mountpoint=none xattr=sa
step 7/11 'pool zroot file system root'
make_dataset zroot/root encryption=aes-256-gcm keyformat=passphrase keylocation=file:///tmp/secret.key mountpoint=/
key_on zroot/root file:///tmp/secret.key
step 8/11 'pool zroot file system root: postCreateHook of zfs_fs'
hook /dev/zvol/zroot/root 'type=zfs_fs
name='\'''\''
declare -A options=([encryption]=aes-256-gcm [keyformat]=passphrase [keylocation]=file:///tmp/secret.key)
declare -a mountOptions=(defaults)
mountpoint=/
name=root
' 'zfs set keylocation=prompt "zroot/$name"'
step 9/11 'pool zroot file system root/nix'
make_dataset zroot/root/nix mountpoint=/nix
step 10/11 'pool zroot volume root/swap'
make_volume zroot/root/swap 10M 10485760 com.sun:auto-snapshot=false compression=zle logbias=throughput primarycache=metadata secondarycache=none sync=always volblocksize=4096 '--'
step 11/11 'pool zroot volume root/swap: swap'
make_swap /dev/zvol/zroot/root/swap
finish
