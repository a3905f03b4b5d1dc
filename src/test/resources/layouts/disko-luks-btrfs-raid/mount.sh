# ---- from the layout ----
begin mount
need blkid blockdev btrfs cryptsetup findmnt lsblk mount partx umount wipefs
disk d1 disk1 /dev/sda SERIAL-sda '' 68719476736
disk d2 disk2 /dev/sdb SERIAL-sdb '' 68719476736
need_key raw /tmp/secret.key
step 1/4 'open LUKS p1'
luks_open d1p2 raw /tmp/secret.key p1 '--allow-discards'
step 2/4 'open LUKS p2'
luks_open d2p1 raw /tmp/secret.key p2 '--allow-discards'
step 3/4 'mount /'
mount_subvolume /dev/mapper/p2 /root / rw relatime ssd subvol=/root device=/dev/mapper/p1
step 4/4 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
finish
