# ---- from the layout ----
begin mount
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mdadm mount partx pvcreate pvs umount vgchange vgcreate vgs wipefs zfs zpool
disk d1 disk0 /dev/disk/by-id/ata-QEMU_HARDDISK_QM00001 SERIAL-vdp '' 68719476736
disk d2 disk1 /dev/disk/by-id/ata-QEMU_HARDDISK_QM00002 SERIAL-vdq '' 68719476736
disk d3 disk2 /dev/disk/by-id/ata-QEMU_HARDDISK_QM00003 SERIAL-vdr '' 68719476736
need_key raw /tmp/secret.key
need_key raw /tmp/secret.key 2 8
step 1/13 'open LUKS crypted1'
luks_open d2p1 raw /tmp/secret.key crypted1
step 2/13 'open LUKS crypted2'
luks_open d3p1 raw /tmp/secret.key crypted2 '--keyfile-size=8' '--keyfile-offset=2'
step 3/13 'open volume group pool'
vg_on pool '-' /dev/mapper/crypted1 /dev/mapper/crypted2
step 4/13 'open array raid1'
array_on raid1 '-' /dev/pool/raid1 /dev/pool/raid2
step 5/13 'open pool zroot'
pool_on zroot '-' /dev/pool/zfs1 /dev/pool/zfs2
step 6/13 'mount /'
mount_dataset zroot / defaults zfsutil
step 7/13 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
step 8/13 'mount /ext4_mdadm_lvm'
mount_filesystem /dev/md/raid1//1 ext4 /ext4_mdadm_lvm defaults
step 9/13 'mount /ext4_on_lvm'
mount_filesystem /dev/pool/root ext4 /ext4_on_lvm defaults
step 10/13 'volume group pool volume root: postMountHook of filesystem'
hook /dev/pool/root 'type=filesystem
format=ext4
declare -a extraArgs=()
declare -a mountOptions=(defaults)
mountpoint=/ext4_on_lvm
' 'touch /mnt/ext4_on_lvm/file-from-postMountHook'
step 11/13 'mount /ext4onzfs'
mount_filesystem /dev/zvol/zroot/zfs_testvolume ext4 /ext4onzfs defaults
step 12/13 'mount /zfs_fs'
mount_dataset zroot/zfs_fs /zfs_fs defaults zfsutil
step 13/13 'mount /zfs_legacy_fs'
mount_dataset zroot/zfs_legacy_fs /zfs_legacy_fs defaults
finish
