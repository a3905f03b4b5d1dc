# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx umount wipefs zfs zpool
disk d1 disk1 /dev/vdb SERIAL-vdb '' 68719476736
disk d2 disk2 /dev/vdc SERIAL-vdc '' 68719476736
step 1/4 'open pool zroot'
pool_on zroot '-' d2
step 2/4 'mount /'
mount_filesystem d1p2 ext4 / defaults
step 3/4 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
step 4/4 'mount /zfs_fs'
mount_dataset zroot/root/zfs_fs /zfs_fs defaults zfsutil
finish
