# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mdadm mount partx umount wipefs
disk d1 one /dev/sda SERIAL-sda '' 68719476736
disk d2 two /dev/sdb SERIAL-sdb '' 68719476736
step 1/4 'open array boot'
array_on boot '-' d1p2 d2p2
step 2/4 'open array raid1'
array_on raid1 '-' d1p3 d2p3
step 3/4 'mount /'
mount_filesystem /dev/md/raid1//1 ext4 / defaults
step 4/4 'mount /boot'
mount_filesystem /dev/md/boot vfat /boot umask=0077
finish
