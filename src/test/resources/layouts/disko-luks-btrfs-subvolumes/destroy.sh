# ---- from the layout ----
begin destroy
need blkid blockdev btrfs cryptsetup findmnt lsblk mkfs.btrfs mkfs.vfat mount partx sgdisk umount wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
need_key raw /tmp/secret.key
need_key raw /tmp/additionalSecret.key
step 1/2 'release the disks'
release_disks d1
step 2/2 'disk main: wipe'
wipe_disk d1
finish
