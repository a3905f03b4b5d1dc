# ---- from the layout ----
begin destroy
need blkid blockdev findmnt lsblk mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs
disk d1 vdb /dev/disk/by-id/some-disk-id SERIAL-vdp '' 68719476736
step 1/2 'release the disks'
release_disks d1
step 2/2 'disk vdb: wipe'
wipe_disk d1
finish
