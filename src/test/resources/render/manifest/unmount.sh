# ---- from the layout ----
begin unmount
need blkid blockdev cryptsetup findmnt lsblk mount partx umount wipefs
disk_at d1 'it'\''s $(data)' /dev/disk/by-id/ata-B
disk_at d2 main /dev/disk/by-id/ata-A
step 1/4 'release /srv/a b'
unmount_filesystem d1 '/srv/a b'
step 2/4 'release /boot'
unmount_filesystem d2p2 /boot
step 3/4 'release /'
unmount_filesystem /dev/mapper/crypt /
step 4/4 'release LUKS crypt'
luks_close d2p3 crypt
finish
