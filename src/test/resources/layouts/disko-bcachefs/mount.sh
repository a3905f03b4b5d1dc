# ---- from the layout ----
begin mount
need bcachefs blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 vdb /dev/vdb SERIAL-vdb '' 68719476736
disk d2 vdc /dev/vdc SERIAL-vdc '' 68719476736
disk d3 vdd /dev/vdd SERIAL-vdd '' 68719476736
disk d4 vde /dev/vde SERIAL-vde '' 68719476736
need_key text /tmp/secret.key
step 1/5 'mount /'
mount_bcachefs /tmp/secret.key / d1p2 d2p1 d3p1 '--' X-mount.mkdir X-mount.subdir=subvolumes/root verbose
step 2/5 'mount /boot'
mount_filesystem d1p1 vfat /boot umask=0077
step 3/5 'mount /home'
mount_bcachefs /tmp/secret.key /home d1p2 d2p1 d3p1 '--' X-mount.mkdir X-mount.subdir=subvolumes/home
step 4/5 'mount /home/Documents'
mount_bcachefs '-' /home/Documents d4p1 '--' X-mount.mkdir
step 5/5 'mount /nix'
mount_bcachefs /tmp/secret.key /nix d1p2 d2p1 d3p1 '--' X-mount.mkdir X-mount.subdir=subvolumes/nix
finish
