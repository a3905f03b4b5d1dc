# ---- from the layout ----
begin mount
need blkid blockdev cryptsetup findmnt lsblk lvcreate lvs mdadm mount partx pvcreate pvs swapoff swapon umount vgchange vgcreate vgs wipefs
disk d1 a /dev/vdb SERIAL-vdb '' 68719476736
disk d2 b /dev/vdc SERIAL-vdc '' 68719476736
need_key text /run/keys/disk
step 1/8 'open LUKS a'
luks_open d1p2 text /run/keys/disk a
step 2/8 'open LUKS b'
luks_open d2p1 text /run/keys/disk b
step 3/8 'open array both'
array_on both '-' /dev/mapper/a /dev/mapper/b
step 4/8 'open volume group pool'
vg_on pool '-' /dev/md/both
step 5/8 'open LUKS safe'
luks_open /dev/pool/safe text /run/keys/disk safe
step 6/8 'mount /'
mount_filesystem /dev/pool/root ext4 / defaults
step 7/8 'mount /safe'
mount_filesystem /dev/mapper/safe xfs /safe defaults
step 8/8 'switch on swap on volume group pool volume swap'
swap_on /dev/pool/swap '-' '-' defaults
finish
