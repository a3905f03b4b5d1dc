# ---- from the layout ----
begin look
need blkid blockdev findmnt lsblk mount partx umount wipefs
disk d1 '-d $(touch /tmp/pwned)' '/dev/disk/by-id/it'\''s a disk; reboot' SERIAL-vdp '' 68719476736
step 1/1 'look at disk -d $(touch /tmp/pwned) partition 1 (--root `id`)'
print_file d1p1 ext4 /nix/var/nixos-operator/machine.json
finish
