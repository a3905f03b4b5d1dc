#!/bin/sh
# mark-installed.sh OPERATION < MARKER : the marker in the state "installed", on the disk and in the tmpfs.
set -eu
umask 022
root=${NIXOS_OPERATOR_MNT:-/mnt} run=${NIXOS_OPERATOR_RUN:-/run/nixos-operator}
disk=$root/nix/var/nixos-operator/machine.json
grep -qF "\"operation\":\"$1\"" "$disk" || {
	echo "the marker on the disk is not of operation $1" >&2
	exit 1
}
text=$(cat)
for file in "$disk" "$run/machine.json"; do
	mkdir -p -- "${file%/*}"
	printf '%s\n' "$text" > "$file.tmp"
	sync
	mv -f -- "$file.tmp" "$file"
done
sync
