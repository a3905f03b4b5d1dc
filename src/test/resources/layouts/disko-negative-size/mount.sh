# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 disk0 /dev/disk/by-id/ata-disk0 SERIAL-vdp '' 68719476736
step 1/1 'mount /'
mount_filesystem d1p1 ext4 / defaults
finish
