# ---- from the layout ----
begin mount
need blkid blockdev cryptsetup findmnt lsblk mount partx umount wipefs
disk_at d1 'it'\''s $(data)' /dev/disk/by-id/ata-B
disk_at d2 main /dev/disk/by-id/ata-A
need_key text /run/keys/root
step 1/4 'open LUKS crypt'
luks_open d2p3 text /run/keys/root crypt '--allow-discards'
step 2/4 'mount /'
mount_filesystem /dev/mapper/crypt ext4 / defaults
step 3/4 'mount /boot'
mount_filesystem d2p2 vfat /boot umask=0077
step 4/4 'mount /srv/a b'
mount_filesystem d1 ext4 '/srv/a b' defaults
finish
