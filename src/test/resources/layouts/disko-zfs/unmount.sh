# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx umount wipefs zfs zpool
disk d1 x /dev/sdx SERIAL-sdx '' 68719476736
disk d2 y /dev/sdy SERIAL-sdy '' 68719476736
step 1/10 'release /zfs_legacy_fs'
unmount_dataset zroot/zfs_legacy_fs /zfs_legacy_fs
step 2/10 'release /zfs_fs'
unmount_dataset zroot/zfs_fs /zfs_fs
step 3/10 'release /zfs_crypted'
unmount_dataset zroot/encrypted/test /zfs_crypted
step 4/10 'release /ext4onzfsencrypted'
unmount_filesystem /dev/zvol/zroot/zfs_encryptedvolume /ext4onzfsencrypted
step 5/10 'release /ext4onzfs'
unmount_filesystem /dev/zvol/zroot/zfs_volume /ext4onzfs
step 6/10 'release /boot'
unmount_filesystem d1p1 /boot
step 7/10 'release /'
unmount_dataset zroot /
step 8/10 'release the key of pool zroot volume zfs_encryptedvolume'
key_off zroot/zfs_encryptedvolume
step 9/10 'release the key of pool zroot file system encrypted'
key_off zroot/encrypted
step 10/10 'release pool zroot'
pool_off zroot d1p2 d2p1
finish
