# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk lvcreate lvs mount partx pvcreate pvs thin_check umount vgchange vgcreate vgs wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/4 'open volume group mainpool'
vg_on mainpool '-' d1p2
step 2/4 'mount /'
mount_filesystem /dev/mainpool/root ext4 / defaults
step 3/4 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
step 4/4 'mount /home'
mount_filesystem /dev/mainpool/home ext4 /home defaults
finish
