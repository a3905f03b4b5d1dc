# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk lvcreate lvs mount partx pvcreate pvs thin_check umount vgchange vgcreate vgs wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/4 'release /home'
unmount_filesystem /dev/mainpool/home /home
step 2/4 'release /boot'
unmount_filesystem d1p1 /boot
step 3/4 'release /'
unmount_filesystem /dev/mainpool/root /
step 4/4 'release volume group mainpool'
vg_off mainpool d1p2
finish
