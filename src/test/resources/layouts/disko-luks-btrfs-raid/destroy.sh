# ---- from the layout ----
begin destroy
need blkid blockdev btrfs cryptsetup findmnt lsblk mkfs.btrfs mkfs.vfat mount partx sgdisk umount wipefs
disk d1 disk1 /dev/sda SERIAL-sda '' 68719476736
disk d2 disk2 /dev/sdb SERIAL-sdb '' 68719476736
need_key raw /tmp/secret.key
step 1/3 'release the disks'
release_disks d1 d2
step 2/3 'disk disk1: wipe'
wipe_disk d1
step 3/3 'disk disk2: wipe'
wipe_disk d2
finish
