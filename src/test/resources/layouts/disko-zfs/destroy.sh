# ---- from the layout ----
begin destroy
need blkid blockdev findmnt lsblk mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs zfs zpool
disk d1 x /dev/sdx SERIAL-sdx '' 68719476736
disk d2 y /dev/sdy SERIAL-sdy '' 68719476736
need_key text /tmp/secret.key
step 1/3 'release the disks'
release_disks d1 d2
step 2/3 'disk x: wipe'
wipe_disk d1
step 3/3 'disk y: wipe'
wipe_disk d2
finish
