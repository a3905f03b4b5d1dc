# ---- from the layout ----
begin unmount
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mount mount.ntfs parted partx pvcreate pvs sfdisk umount vgchange vgcreate vgs wipefs
disk d1 a /dev/disk/by-id/virtio-a SERIAL-vdp '' 68719476736
disk d2 b /dev/disk/by-id/virtio-b SERIAL-vdq '' 68719476736
disk d3 c /dev/disk/by-id/virtio-c SERIAL-vdr '' 68719476736
step 1/6 'release /shared'
unmount_filesystem d1p3 /shared
step 2/6 'release /old'
unmount_filesystem d1p2 /old
step 3/6 'release /boot'
unmount_filesystem d1p1 /boot
step 4/6 'release /'
unmount_filesystem /dev/pool/root /
step 5/6 'release volume group pool'
vg_off pool d1p4 /dev/mapper/b
step 6/6 'release LUKS b'
luks_close d2 b
finish
