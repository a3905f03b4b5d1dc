# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx umount wipefs zfs zpool
disk d1 a /dev/sda SERIAL-sda '' 68719476736
disk d2 x /dev/sdx SERIAL-sdx '' 68719476736
disk d3 y /dev/sdy SERIAL-sdy '' 68719476736
disk d4 z /dev/sdz SERIAL-sdz '' 68719476736
step 1/7 'release /storage2/dataset'
unmount_dataset storage2/dataset /storage2/dataset
step 2/7 'release /storage/dataset'
unmount_dataset storage/dataset /storage/dataset
step 3/7 'release /storage'
unmount_dataset storage /storage
step 4/7 'release /boot'
unmount_filesystem d2p1 /boot
step 5/7 'release /'
unmount_filesystem d2p2 /
step 6/7 'release pool storage2'
pool_off storage2 d1p1
step 7/7 'release pool storage'
pool_off storage d3p1 d4p1
finish
