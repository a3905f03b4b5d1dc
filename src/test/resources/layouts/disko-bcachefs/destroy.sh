# ---- from the layout ----
begin destroy
need bcachefs blkid blockdev findmnt lsblk mkfs.vfat mount partx sgdisk umount wipefs
disk d1 vdb /dev/vdb SERIAL-vdb '' 68719476736
disk d2 vdc /dev/vdc SERIAL-vdc '' 68719476736
disk d3 vdd /dev/vdd SERIAL-vdd '' 68719476736
disk d4 vde /dev/vde SERIAL-vde '' 68719476736
need_key text /tmp/secret.key
step 1/5 'release the disks'
release_disks d1 d2 d3 d4
step 2/5 'disk vdb: wipe'
wipe_disk d1
step 3/5 'disk vdc: wipe'
wipe_disk d2
step 4/5 'disk vdd: wipe'
wipe_disk d3
step 5/5 'disk vde: wipe'
wipe_disk d4
finish
