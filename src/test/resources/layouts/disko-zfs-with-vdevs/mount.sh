# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount partx umount wipefs zfs zpool
disk d1 cache /dev/vdn SERIAL-vdn '' 68719476736
disk d2 data1 /dev/vda SERIAL-vda '' 68719476736
disk d3 data2 /dev/vdb SERIAL-vdb '' 68719476736
disk d4 data3 /dev/vdc SERIAL-vdc '' 68719476736
disk d5 dedup1 /dev/vdh SERIAL-vdh '' 68719476736
disk d6 dedup2 /dev/vdi SERIAL-vdi '' 68719476736
disk d7 dedup3 /dev/vdj SERIAL-vdj '' 68719476736
disk d8 log1 /dev/vde SERIAL-vde '' 68719476736
disk d9 log2 /dev/vdf SERIAL-vdf '' 68719476736
disk d10 log3 /dev/vdg SERIAL-vdg '' 68719476736
disk d11 spare /dev/vdd SERIAL-vdd '' 68719476736
disk d12 special1 /dev/vdk SERIAL-vdk '' 68719476736
disk d13 special2 /dev/vdl SERIAL-vdl '' 68719476736
disk d14 special3 /dev/vdm SERIAL-vdm '' 68719476736
step 1/4 'open pool zroot'
pool_on zroot '-' d1p1 d2p2 d3p1 d4p1 d5p1 d6p1 d7p1 d8p1 d9p1 d10p1 d11p1 d12p1 d13p1 d14p1
step 2/4 'mount /'
mount_dataset zroot / defaults zfsutil
step 3/4 'mount /boot'
mount_filesystem d2p1 vfat /boot umask=0077
step 4/4 'mount /zfs_fs'
mount_dataset zroot/zfs_fs /zfs_fs defaults zfsutil
finish
