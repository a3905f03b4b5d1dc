# ---- from the layout ----
begin mount
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mount partx pvcreate pvs umount vgchange vgcreate vgs wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
need_key raw /tmp/secret.key
step 1/5 'open LUKS crypted'
luks_open d1p2 raw /tmp/secret.key crypted '--allow-discards'
step 2/5 'open volume group pool'
vg_on pool '-' /dev/mapper/crypted
step 3/5 'mount /'
mount_filesystem /dev/pool/root ext4 / defaults
step 4/5 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
step 5/5 'mount /home'
mount_filesystem /dev/pool/home ext4 /home defaults
finish
