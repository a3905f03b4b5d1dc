# ---- from the layout ----
begin destroy
need blkid blockdev cryptsetup findmnt lsblk mkfs.ext4 mkfs.vfat mkswap mount partx sgdisk swapoff swapon umount wipefs
disk d1 main /dev/disk/by-id/nvme-Test_1 SERIAL-vdp '' 68719476736
need_key text /run/keys/a
need_key raw /run/keys/spare
need_key raw /run/keys/b 16 64
need_key raw /run/keys/c
step 1/2 'release the disks'
release_disks d1
step 2/2 'disk main: wipe'
wipe_disk d1
finish
