# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk lvcreate lvs mount partx pvcreate pvs umount vgchange vgcreate vgs wipefs
disk d1 one /dev/disk/by-id/ata-VMware_Virtual_SATA_CDRW_Drive_00000000000000000001 SERIAL-vdp '' 68719476736
step 1/4 'release /home'
unmount_filesystem /dev/pool/home /home
step 2/4 'release /boot'
unmount_filesystem d1p1 /boot
step 3/4 'release /'
unmount_filesystem /dev/pool/root /
step 4/4 'release volume group pool'
vg_off pool d1p2
finish
