# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk lvcreate lvs mdadm mount partx pvcreate pvs umount vgchange vgcreate vgs wipefs
disk d1 one /dev/sda SERIAL-sda '' 68719476736
disk d2 two /dev/sdb SERIAL-sdb '' 68719476736
step 1/5 'release /home'
unmount_filesystem /dev/pool/home /home
step 2/5 'release /boot'
unmount_filesystem /dev/md/boot /boot
step 3/5 'release /'
unmount_filesystem /dev/pool/root /
step 4/5 'release array boot'
array_off boot d1p1 d2p1
step 5/5 'release volume group pool'
vg_off pool d1p2 d2p2
finish
