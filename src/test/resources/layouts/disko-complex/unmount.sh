# ---- from the layout ----
begin unmount
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mdadm mount partx pvcreate pvs umount vgchange vgcreate vgs wipefs zfs zpool
disk d1 disk0 /dev/disk/by-id/ata-QEMU_HARDDISK_QM00001 SERIAL-vdp '' 68719476736
disk d2 disk1 /dev/disk/by-id/ata-QEMU_HARDDISK_QM00002 SERIAL-vdq '' 68719476736
disk d3 disk2 /dev/disk/by-id/ata-QEMU_HARDDISK_QM00003 SERIAL-vdr '' 68719476736
step 1/12 'release /zfs_legacy_fs'
unmount_dataset zroot/zfs_legacy_fs /zfs_legacy_fs
step 2/12 'release /zfs_fs'
unmount_dataset zroot/zfs_fs /zfs_fs
step 3/12 'release /ext4onzfs'
unmount_filesystem /dev/zvol/zroot/zfs_testvolume /ext4onzfs
step 4/12 'release /ext4_on_lvm'
unmount_filesystem /dev/pool/root /ext4_on_lvm
step 5/12 'release /ext4_mdadm_lvm'
unmount_filesystem /dev/md/raid1//1 /ext4_mdadm_lvm
step 6/12 'release /boot'
unmount_filesystem d1p1 /boot
step 7/12 'release /'
unmount_dataset zroot /
step 8/12 'release pool zroot'
pool_off zroot /dev/pool/zfs1 /dev/pool/zfs2
step 9/12 'release array raid1'
array_off raid1 /dev/pool/raid1 /dev/pool/raid2
step 10/12 'release volume group pool'
vg_off pool /dev/mapper/crypted1 /dev/mapper/crypted2
step 11/12 'release LUKS crypted2'
luks_close d3p1 crypted2
step 12/12 'release LUKS crypted1'
luks_close d2p1 crypted1
finish
