# ---- from the layout ----
begin mount
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mount mount.ntfs parted partx pvcreate pvs sfdisk umount vgchange vgcreate vgs wipefs
disk d1 a /dev/disk/by-id/virtio-a SERIAL-vdp '' 68719476736
disk d2 b /dev/disk/by-id/virtio-b SERIAL-vdq '' 68719476736
disk d3 c /dev/disk/by-id/virtio-c SERIAL-vdr '' 68719476736
need_key raw /dev/disk/by-id/usb-key 512 4096
step 1/6 'open LUKS b'
luks_open d2 raw /dev/disk/by-id/usb-key b '--keyfile-size=4096' '--keyfile-offset=512'
step 2/6 'open volume group pool'
vg_on pool '-' d1p4 /dev/mapper/b
step 3/6 'mount /'
mount_filesystem /dev/pool/root ext4 / defaults
step 4/6 'mount /boot'
mount_filesystem d1p1 ext2 /boot defaults
step 5/6 'mount /old'
mount_filesystem d1p2 ext3 /old defaults
step 6/6 'mount /shared'
mount_filesystem d1p3 exfat /shared defaults
finish
