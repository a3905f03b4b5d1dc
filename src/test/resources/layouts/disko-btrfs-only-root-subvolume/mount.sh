# ---- from the layout ----
begin mount
need blkid blockdev btrfs findmnt lsblk mount partx umount wipefs
disk d1 main /dev/vdp SERIAL-vdp '' 68719476736
step 1/2 'mount /'
mount_subvolume d1p2 '-' / compress=zstd noatime
step 2/2 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
finish
