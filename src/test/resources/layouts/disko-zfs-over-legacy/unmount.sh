# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx umount wipefs zfs zpool
disk d1 disk1 /dev/vdb SERIAL-vdb '' 68719476736
disk d2 disk2 /dev/vdc SERIAL-vdc '' 68719476736
step 1/4 'release /zfs_fs'
unmount_dataset zroot/root/zfs_fs /zfs_fs
step 2/4 'release /boot'
unmount_filesystem d1p1 /boot
step 3/4 'release /'
unmount_filesystem d1p2 /
step 4/4 'release pool zroot'
pool_off zroot d2
finish
