# ---- from the layout ----
begin unmount
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mount partx pvcreate pvs umount vgchange vgcreate vgs wipefs
disk d1 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/5 'release /home'
unmount_filesystem /dev/pool/home /home
step 2/5 'release /boot'
unmount_filesystem d1p1 /boot
step 3/5 'release /'
unmount_filesystem /dev/pool/root /
step 4/5 'release volume group pool'
vg_off pool /dev/mapper/crypted
step 5/5 'release LUKS crypted'
luks_close d1p2 crypted
finish
