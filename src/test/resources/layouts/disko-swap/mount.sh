# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx swapoff swapon umount wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/3 'mount /'
mount_filesystem d1p3 ext4 / defaults
step 2/3 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
step 3/3 'switch on swap on disk main partition 4 (plainSwap)'
swap_on d1p4 both '-' defaults
finish
