# ---- from the layout ----
begin mount
need blkid blockdev cryptsetup findmnt lsblk mount partx umount wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
need_key text /tmp/secret.key
step 1/3 'open LUKS crypted'
luks_open d1p2 text /tmp/secret.key crypted '--allow-discards'
step 2/3 'mount /'
mount_filesystem /dev/mapper/crypted ext4 / defaults
step 3/3 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
finish
