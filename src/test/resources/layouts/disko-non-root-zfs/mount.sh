# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx umount wipefs zfs zpool
disk d1 a /dev/sda SERIAL-sda '' 68719476736
disk d2 x /dev/sdx SERIAL-sdx '' 68719476736
disk d3 y /dev/sdy SERIAL-sdy '' 68719476736
disk d4 z /dev/sdz SERIAL-sdz '' 68719476736
step 1/7 'open pool storage'
pool_on storage '-' d3p1 d4p1
step 2/7 'open pool storage2'
pool_on storage2 '-' d1p1
step 3/7 'mount /'
mount_filesystem d2p2 ext4 / defaults
step 4/7 'mount /boot'
mount_filesystem d2p1 vfat /boot umask=0077
step 5/7 'mount /storage'
mount_dataset storage /storage defaults zfsutil
step 6/7 'mount /storage/dataset'
mount_dataset storage/dataset /storage/dataset defaults zfsutil
step 7/7 'mount /storage2/dataset'
mount_dataset storage2/dataset /storage2/dataset defaults zfsutil
finish
