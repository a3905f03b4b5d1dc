# ---- from the layout ----
begin look
need blkid blockdev cryptsetup findmnt lsblk mount partx swapoff swapon umount wipefs
disk d1 main /dev/disk/by-id/nvme-Test_1 SERIAL-vdp '' 68719476736
need_key text /run/keys/a
need_key raw /run/keys/b 16 64
need_key raw /run/keys/c
step 1/2 'open LUKS secret-a for reading'
luks_open d1p2 text /run/keys/a secret-a '--allow-discards' '--perf-no_read_workqueue' '--perf-no_write_workqueue' '--readonly'
step 2/2 'look at LUKS secret-a'
print_file /dev/mapper/secret-a ext4 /var/nixos-operator/machine.json
finish
