# ---- from the layout ----
begin look
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mdadm mount partx pvcreate pvs umount vgchange vgcreate vgs wipefs zfs zpool
disk d1 disk0 /dev/disk/by-id/ata-QEMU_HARDDISK_QM00001 SERIAL-vdp '' 68719476736
disk d2 disk1 /dev/disk/by-id/ata-QEMU_HARDDISK_QM00002 SERIAL-vdq '' 68719476736
disk d3 disk2 /dev/disk/by-id/ata-QEMU_HARDDISK_QM00003 SERIAL-vdr '' 68719476736
need_key raw /tmp/secret.key
need_key raw /tmp/secret.key 2 8
step 1/5 'open LUKS crypted1 for reading'
luks_open d2p1 raw /tmp/secret.key crypted1 '--readonly'
step 2/5 'open LUKS crypted2 for reading'
luks_open d3p1 raw /tmp/secret.key crypted2 '--keyfile-size=8' '--keyfile-offset=2' '--readonly'
step 3/5 'activate the volume group pool for reading'
vg_on pool readonly /dev/mapper/crypted1 /dev/mapper/crypted2
step 4/5 'import the pool zroot for reading'
pool_on zroot readonly /dev/pool/zfs1 /dev/pool/zfs2
step 5/5 'look at pool zroot file system zroot'
print_from_dataset zroot /nix/var/nixos-operator/machine.json zfsutil
finish
