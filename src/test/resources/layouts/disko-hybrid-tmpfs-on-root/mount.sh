# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 main /dev/disk/by-id/ata-Samsung_SSD_860_EVO_500GB_S3Z1NB0K303456L SERIAL-vdp '' 68719476736
step 1/3 'mount /'
mount_nodev tmpfs tmpfs tmpfs / size=2G defaults mode=755
step 2/3 'mount /boot'
mount_filesystem d1p2 vfat /boot umask=0077
step 3/3 'mount /nix'
mount_filesystem d1p3 ext4 /nix defaults
finish
