# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx umount wipefs zfs zpool
disk d1 x /dev/sdx SERIAL-sdx '' 68719476736
disk d2 y /dev/sdy SERIAL-sdy '' 68719476736
need_key text /tmp/secret.key
step 1/10 'open pool zroot'
pool_on zroot '-' d1p2 d2p1
step 2/10 'open the key of pool zroot file system encrypted'
key_on zroot/encrypted file:///tmp/secret.key
step 3/10 'open the key of pool zroot volume zfs_encryptedvolume'
key_on zroot/zfs_encryptedvolume file:///tmp/secret.key
step 4/10 'mount /'
mount_dataset zroot / defaults zfsutil
step 5/10 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
step 6/10 'mount /ext4onzfs'
mount_filesystem /dev/zvol/zroot/zfs_volume ext4 /ext4onzfs defaults
step 7/10 'mount /ext4onzfsencrypted'
mount_filesystem /dev/zvol/zroot/zfs_encryptedvolume ext4 /ext4onzfsencrypted defaults
step 8/10 'mount /zfs_crypted'
mount_dataset zroot/encrypted/test /zfs_crypted defaults zfsutil
step 9/10 'mount /zfs_fs'
mount_dataset zroot/zfs_fs /zfs_fs defaults zfsutil
step 10/10 'mount /zfs_legacy_fs'
mount_dataset zroot/zfs_legacy_fs /zfs_legacy_fs defaults
finish
