# ---- from the layout ----
begin destroy
need blkid blockdev findmnt lsblk mkfs.vfat mount partx sgdisk umount wipefs zfs zpool
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
step 1/15 'release the disks'
release_disks d1 d2 d3 d4 d5 d6 d7 d8 d9 d10 d11 d12 d13 d14
step 2/15 'disk cache: wipe'
wipe_disk d1
step 3/15 'disk data1: wipe'
wipe_disk d2
step 4/15 'disk data2: wipe'
wipe_disk d3
step 5/15 'disk data3: wipe'
wipe_disk d4
step 6/15 'disk dedup1: wipe'
wipe_disk d5
step 7/15 'disk dedup2: wipe'
wipe_disk d6
step 8/15 'disk dedup3: wipe'
wipe_disk d7
step 9/15 'disk log1: wipe'
wipe_disk d8
step 10/15 'disk log2: wipe'
wipe_disk d9
step 11/15 'disk log3: wipe'
wipe_disk d10
step 12/15 'disk spare: wipe'
wipe_disk d11
step 13/15 'disk special1: wipe'
wipe_disk d12
step 14/15 'disk special2: wipe'
wipe_disk d13
step 15/15 'disk special3: wipe'
wipe_disk d14
finish
