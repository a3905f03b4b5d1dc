# ---- from the layout ----
begin mount
need blkid blockdev cryptsetup findmnt lsblk mdadm mount partx umount wipefs
disk d1 a /dev/sda SERIAL-sda '' 68719476736
disk d2 b /dev/sdb SERIAL-sdb '' 68719476736
need_key raw /tmp/secret.key
step 1/5 'open array boot'
array_on boot '-' d1p2 d2p2
step 2/5 'open array raid1'
array_on raid1 '-' d1p3 d2p3
step 3/5 'open LUKS crypted'
luks_open /dev/md/raid1 raw /tmp/secret.key crypted
step 4/5 'mount /'
mount_filesystem /dev/mapper/crypted ext4 / defaults
step 5/5 'mount /boot'
mount_filesystem /dev/md/boot vfat /boot umask=0077
finish
