#!@sh@
# shellcheck shell=dash disable=SC2239,SC2050
# Populates / from the store, in nixos-enter's chroot, at boot and on a switch. Keeps what it does not own.
export PATH=@busybox@/bin
set -e
mkdir -p /etc /var/lib /var/log /var/tmp /run /tmp /root /home /proc /sys /dev /mnt /nix/var/nix/gcroots
chmod 1777 /tmp /var/tmp; chmod 700 /root
ln -sfn @userland@/usr /usr
for l in bin sbin lib lib64; do ln -sfn usr/$l /$l; done
cp -rf @etc@/. /etc/
chmod u+w /etc /etc/ssh; chmod 600 /etc/shadow
[ -e /etc/ssh/ssh_host_ed25519_key ] || /usr/bin/ssh-keygen -q -t ed25519 -N "" -f /etc/ssh/ssh_host_ed25519_key
chmod 600 /etc/ssh/ssh_host_*_key
ln -sfn @out@ /run/current-system
touch /etc/NIXOS
