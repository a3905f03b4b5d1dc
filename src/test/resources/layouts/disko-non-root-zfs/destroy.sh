# ---- from the layout ----
begin destroy
need blkid blockdev findmnt lsblk mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs zfs zpool
disk d1 a /dev/sda SERIAL-sda '' 68719476736
disk d2 x /dev/sdx SERIAL-sdx '' 68719476736
disk d3 y /dev/sdy SERIAL-sdy '' 68719476736
disk d4 z /dev/sdz SERIAL-sdz '' 68719476736
step 1/5 'release the disks'
release_disks d1 d2 d3 d4
step 2/5 'disk a: wipe'
wipe_disk d1
step 3/5 'disk x: wipe'
wipe_disk d2
step 4/5 'disk y: wipe'
wipe_disk d3
step 5/5 'disk z: wipe'
wipe_disk d4
finish
