# ---- from the layout ----
begin destroy
need blkid blockdev cryptsetup findmnt lsblk mkfs.ext4 mkswap mount partx sgdisk swapoff swapon umount wipefs zfs zpool
disk d1 a /dev/vdb SERIAL-vdb '' 68719476736
disk d2 b /dev/vdc SERIAL-vdc '' 68719476736
need_key text /tmp/secret.key
step 1/3 'release the disks'
release_disks d1 d2
step 2/3 'disk a: wipe'
wipe_disk d1
step 3/3 'disk b: wipe'
wipe_disk d2
finish
