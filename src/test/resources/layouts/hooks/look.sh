# ---- from the layout ----
begin look
need blkid blockdev cryptsetup findmnt lsblk mount partx umount wipefs
disk d1 main /dev/disk/by-id/nvme-Test_1 SERIAL-vdp '' 68719476736
need_key text /run/keys/a
step 1/2 'open LUKS crypt for reading'
luks_open d1p3 text /run/keys/a crypt '--allow-discards' '--readonly'
step 2/2 'look at LUKS crypt'
print_file /dev/mapper/crypt ext4 /nix/var/nixos-operator/machine.json
finish
