# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount parted partx sfdisk umount wipefs
disk d1 sda /dev/sda SERIAL-sda '' 68719476736
step 1/1 'mount /'
mount_filesystem d1p1 ext4 / defaults
finish
