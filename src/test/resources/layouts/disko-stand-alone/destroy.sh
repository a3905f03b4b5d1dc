# ---- from the layout ----
begin destroy
need blkid blockdev findmnt lsblk mkfs.ext4 mount parted partx sfdisk sgdisk umount wipefs
disk d1 sda /dev/sda SERIAL-sda '' 68719476736
step 1/2 'release the disks'
release_disks d1
step 2/2 'disk sda: wipe'
wipe_disk d1
finish
