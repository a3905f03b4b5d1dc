# ---- from the layout ----
begin mount
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mount partx pvcreate pvs umount vgchange vgcreate vgs wipefs
disk d1 archive /dev/vdc SERIAL-vdc '' 68719476736
disk d2 main /dev/vdb SERIAL-vdb '' 68719476736
need_key text /tmp/secret.key
step 1/7 'open LUKS home'
luks_open d2p2 text /tmp/secret.key home
step 2/7 'open volume group data'
vg_on data '-' d1p1 d2p3
step 3/7 'mount /'
mount_filesystem d2p4 ext4 / defaults
step 4/7 'mount /boot'
mount_filesystem d2p1 vfat /boot defaults
step 5/7 'mount /data'
mount_filesystem /dev/data/all ext4 /data defaults
step 6/7 'mount /films'
mount_filesystem d1p2 xfs /films defaults
step 7/7 'mount /home'
mount_filesystem /dev/mapper/home ext4 /home defaults
finish
