# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk lvcreate lvs mdadm mount partx pvcreate pvs umount vgchange vgcreate vgs wipefs
disk d1 one /dev/sda SERIAL-sda '' 68719476736
disk d2 two /dev/sdb SERIAL-sdb '' 68719476736
step 1/5 'open volume group pool'
vg_on pool '-' d1p2 d2p2
step 2/5 'open array boot'
array_on boot '-' d1p1 d2p1
step 3/5 'mount /'
mount_filesystem /dev/pool/root ext4 / defaults
step 4/5 'mount /boot'
mount_filesystem /dev/md/boot vfat /boot umask=0077
step 5/5 'mount /home'
mount_filesystem /dev/pool/home ext4 /home defaults
finish
