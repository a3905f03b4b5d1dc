# ---- from the layout ----
begin unmount
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mount partx pvcreate pvs umount vgchange vgcreate vgs wipefs
disk d1 archive /dev/vdc SERIAL-vdc '' 68719476736
disk d2 main /dev/vdb SERIAL-vdb '' 68719476736
step 1/7 'release /home'
unmount_filesystem /dev/mapper/home /home
step 2/7 'release /films'
unmount_filesystem d1p2 /films
step 3/7 'release /data'
unmount_filesystem /dev/data/all /data
step 4/7 'release /boot'
unmount_filesystem d2p1 /boot
step 5/7 'release /'
unmount_filesystem d2p4 /
step 6/7 'release volume group data'
vg_off data d1p1 d2p3
step 7/7 'release LUKS home'
luks_close d2p2 home
finish
