# ---- from the layout ----
begin unmount
need blkid blockdev findmnt lsblk mount mount.nfs partx umount wipefs
disk d1 main /dev/disk/by-id/nvme-Test_1 SERIAL-vdp '' 68719476736
step 1/5 'release /srv/share'
unmount_nodev nfs server:/share /srv/share
step 2/5 'release /etc/nixos'
unmount_nodev bind /nix/config /etc/nixos
step 3/5 'release /nix'
unmount_nodev bind /var/keep/nix /nix
step 4/5 'release /var/keep'
unmount_filesystem d1p1 /var/keep
step 5/5 'release /'
unmount_nodev tmpfs tmpfs /
finish
