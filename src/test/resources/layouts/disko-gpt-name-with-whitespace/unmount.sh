# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 vdb /dev/disk/by-id/some-disk-id SERIAL-vdp '' 68719476736
step 1/4 'release /name^with\some@special#chars'
unmount_filesystem d1p3 '/name^with\some@special#chars'
step 2/4 'release /name with spaces'
unmount_filesystem d1p2 '/name with spaces'
step 3/4 'release /boot'
unmount_filesystem d1p1 /boot
step 4/4 'release /'
unmount_filesystem d1p4 /
finish
