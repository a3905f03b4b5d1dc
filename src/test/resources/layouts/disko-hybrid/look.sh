# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 main /dev/disk/by-id/ata-Samsung_SSD_850_EVO_250GB_S21PNXAGB12345 SERIAL-vdp '' 68719476736
step 1/1 'look at disk main partition 3 (root)'
print_file d1p3 ext4 /nix/var/nixos-operator/machine.json
finish
