# ---- from the layout ----
begin unmount
need bcachefs blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 vdb /dev/vdb SERIAL-vdb '' 68719476736
disk d2 vdc /dev/vdc SERIAL-vdc '' 68719476736
disk d3 vdd /dev/vdd SERIAL-vdd '' 68719476736
disk d4 vde /dev/vde SERIAL-vde '' 68719476736
step 1/5 'release /nix'
unmount_bcachefs /nix d1p2 d2p1 d3p1
step 2/5 'release /home/Documents'
unmount_bcachefs /home/Documents d4p1
step 3/5 'release /home'
unmount_bcachefs /home d1p2 d2p1 d3p1
step 4/5 'release /boot'
unmount_filesystem d1p1 /boot
step 5/5 'release /'
unmount_bcachefs / d1p2 d2p1 d3p1
finish
