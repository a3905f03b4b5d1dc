# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount mount.nfs partx umount wipefs
disk d1 main /dev/disk/by-id/nvme-Test_1 SERIAL-vdp '' 68719476736
step 1/1 'look at disk main partition 1 (keep)'
print_file d1p1 ext4 /nix/var/nixos-operator/machine.json
finish
