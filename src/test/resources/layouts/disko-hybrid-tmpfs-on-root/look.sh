# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 main /dev/disk/by-id/ata-Samsung_SSD_860_EVO_500GB_S3Z1NB0K303456L SERIAL-vdp '' 68719476736
step 1/1 'look at disk main partition 3 (nix)'
print_file d1p3 ext4 /var/nixos-operator/machine.json
finish
