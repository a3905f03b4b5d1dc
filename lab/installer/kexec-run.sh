#!/bin/sh
# kexec/run of the lab's installer archive: the contract of nix-community/nixos-images.
#   run [--kexec-extra-flags FLAGS]
# Carries keys, host keys, addresses, routes and machine-id into the new kernel and leaves after 6 s.
set -eu
here=$(dirname "$(readlink -f "$0")")
flags=
while [ $# -gt 0 ]; do case $1 in
  --kexec-extra-flags) flags=$2; shift 2 ;;
  *) echo "unknown option $1" >&2; exit 1 ;;
esac; done
umask 077
extra=$(mktemp -d); cd "$extra"; mkdir ssh
# root's keys, and those of the user who called sudo
home=; [ -z "${SUDO_USER:-}" ] || home=$(getent passwd "$SUDO_USER" | cut -d: -f6)
for f in /root/.ssh/authorized_keys /root/.ssh/authorized_keys2 /etc/ssh/authorized_keys.d/root \
  ${SUDO_USER:+"$home/.ssh/authorized_keys" "$home/.ssh/authorized_keys2" "/etc/ssh/authorized_keys.d/$SUDO_USER"}; do
  # a cloud image forbids root with a command="..." in front of the key: the key itself is what counts
  [ ! -s "$f" ] || { sed -E 's/^.*((ssh|ecdsa|sk)-[^ ]+ )/\1/' "$f" >> ssh/authorized_keys; echo >> ssh/authorized_keys; }
done
[ -s ssh/authorized_keys ] || echo "no authorized keys found" >&2
for f in /etc/ssh/ssh_host_*; do [ ! -f "$f" ] || cp "$f" ssh/; done
[ ! -s /etc/machine-id ] || cp /etc/machine-id .
"$here/ip" --json address show > addrs.json
"$here/ip" -4 --json route show > routes-v4.json
"$here/ip" -6 --json route show > routes-v6.json
find . | cpio -o -H newc -R 0:0 --quiet | gzip -9 >> "$here/initrd"
cd /; rm -rf "$extra"
# shellcheck disable=SC2086  # flags are words
"$here/kexec" --load "$here/bzImage" --initrd="$here/initrd" $flags --command-line "init=/sbin/init @kernelParams@"
sync
echo "machine will boot into nixos in 6s..."
# detached, so that the caller's connection can end cleanly before
nohup sh -c "sleep 6; '$here/kexec' -e" > /dev/null 2>&1 < /dev/null &
