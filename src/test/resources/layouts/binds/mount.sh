# ---- from the layout ----
begin mount
need blkid blockdev findmnt lsblk mount mount.nfs partx umount wipefs
disk d1 main /dev/disk/by-id/nvme-Test_1 SERIAL-vdp '' 68719476736
step 1/6 'mount /'
mount_nodev tmpfs tmpfs tmpfs / size=2G mode=755
step 2/6 'mount /var/keep'
mount_filesystem d1p1 ext4 /var/keep defaults
step 3/6 'mount /nix'
mount_nodev bind none /var/keep/nix /nix bind
step 4/6 'nodev /nix: postMountHook of nodev'
hook '-' 'type=nodev
fsType=none
mountpoint='\'''\''
declare -a mountOptions=(bind)
' 'mkdir -p /mnt/nix/config'
step 5/6 'mount /etc/nixos'
mount_nodev bind none /nix/config /etc/nixos bind ro
step 6/6 'mount /srv/share'
mount_nodev nfs nfs server:/share /srv/share vers=4.2
finish
