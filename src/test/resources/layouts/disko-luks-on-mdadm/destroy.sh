# ---- from the layout ----
begin destroy
need blkid blockdev cryptsetup findmnt lsblk mdadm mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs
disk d1 a /dev/sda SERIAL-sda '' 68719476736
disk d2 b /dev/sdb SERIAL-sdb '' 68719476736
need_key raw /tmp/secret.key
step 1/3 'release the disks'
release_disks d1 d2
step 2/3 'disk a: wipe'
wipe_disk d1
step 3/3 'disk b: wipe'
wipe_disk d2
finish
