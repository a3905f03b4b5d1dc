# ---- from the layout ----
begin destroy
need blkid blockdev findmnt lsblk mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs
disk d1 main /dev/disk/by-id/ata-Samsung_SSD_850_EVO_250GB_S21PNXAGB12345 SERIAL-vdp '' 68719476736
step 1/2 'release the disks'
release_disks d1
step 2/2 'disk main: wipe'
wipe_disk d1
finish
