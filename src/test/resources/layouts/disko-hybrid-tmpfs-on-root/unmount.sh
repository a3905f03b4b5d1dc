# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 main /dev/disk/by-id/ata-Samsung_SSD_860_EVO_500GB_S3Z1NB0K303456L SERIAL-vdp '' 68719476736
step 1/3 'release /nix'
unmount_filesystem d1p3 /nix
step 2/3 'release /boot'
unmount_filesystem d1p2 /boot
step 3/3 'release /'
unmount_nodev tmpfs tmpfs /
finish
