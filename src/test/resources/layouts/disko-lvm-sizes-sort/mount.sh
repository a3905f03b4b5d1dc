# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk lvcreate lvs mount partx pvcreate pvs umount vgchange vgcreate vgs wipefs
disk d1 one /dev/disk/by-id/ata-VMware_Virtual_SATA_CDRW_Drive_00000000000000000001 SERIAL-vdp '' 68719476736
step 1/4 'open volume group pool'
vg_on pool '-' d1p2
step 2/4 'mount /'
mount_filesystem /dev/pool/root ext4 / defaults
step 3/4 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
step 4/4 'mount /home'
mount_filesystem /dev/pool/home ext4 /home defaults
finish
