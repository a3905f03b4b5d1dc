# ---- from the layout ----
begin unmount
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mdadm mount partx pvcreate pvs swapoff swapon umount vgchange vgcreate vgs wipefs
disk d1 a /dev/vdb SERIAL-vdb '' 68719476736
disk d2 b /dev/vdc SERIAL-vdc '' 68719476736
step 1/8 'release swap on volume group pool volume swap'
swap_off /dev/pool/swap
step 2/8 'release /safe'
unmount_filesystem /dev/mapper/safe /safe
step 3/8 'release /'
unmount_filesystem /dev/pool/root /
step 4/8 'release LUKS safe'
luks_close /dev/pool/safe safe
step 5/8 'release volume group pool'
vg_off pool /dev/md/both
step 6/8 'release array both'
array_off both /dev/mapper/a /dev/mapper/b
step 7/8 'release LUKS b'
luks_close d2p1 b
step 8/8 'release LUKS a'
luks_close d1p2 a
finish
