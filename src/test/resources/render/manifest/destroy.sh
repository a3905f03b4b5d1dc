# ---- from the layout ----
begin destroy
need blkid blockdev cryptsetup findmnt lsblk mkfs.ext4 mkfs.vfat mount partx sgdisk umount wipefs
disk_at d1 'it'\''s $(data)' /dev/disk/by-id/ata-B
disk_at d2 main /dev/disk/by-id/ata-A
need_key text /run/keys/root
step 1/3 'release the disks'
release_disks d1 d2
step 2/3 'disk it'\''s $(data): wipe'
wipe_disk d1
step 3/3 'disk main: wipe'
wipe_disk d2
finish
