# ---- from the layout ----
begin destroy
need blkid blockdev findmnt lsblk mkfs.vfat mkswap mount partx sgdisk swapoff swapon umount wipefs zfs zpool
disk d1 root /dev/nvme0n1 SERIAL-nvme0n1 '' 68719476736
need_key text /tmp/secret.key
step 1/2 'release the disks'
release_disks d1
step 2/2 'disk root: wipe'
wipe_disk d1
finish
