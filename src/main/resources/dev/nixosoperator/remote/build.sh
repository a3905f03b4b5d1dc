#!/bin/sh
# build.sh INSTALLABLE SUBSTITUTERS KEYS : job; build a locked flake's system into the store under /mnt, and note there what came of it:
# nix/var/nixos-operator/built has INSTALLABLE and the store path as its two lines.
set -u
# Jobs are begun with umask 077; what is made here belongs to the installed system and must be readable there.
umask 022
installable=$1 substituters=$2 keys=$3
root=${NIXOS_OPERATOR_MNT:-/mnt}
note=$root/nix/var/nixos-operator/built
mkdir -p "$root/tmp" "${note%/*}" && chmod 1777 "$root/tmp" || exit 1
# Sources are unpacked and cloned on the disk, not in the installer's memory.
TMPDIR=$root/tmp
XDG_CACHE_HOME=$root/tmp/nixos-operator-cache
export TMPDIR XDG_CACHE_HOME
rm -rf "$XDG_CACHE_HOME"

# What the flake says of Nix' settings is not obeyed. The installer's own store serves what it has, as with nixos-install. A store under
# another root can only be built into with the kernel's namespaces: without them there is an error, and no try without a sandbox.
path=$(nix --extra-experimental-features 'nix-command flakes' build --print-build-logs --no-link --print-out-paths --no-update-lock-file \
	--store "local?root=$root" --option accept-flake-config false --option sandbox-fallback false \
	--option substituters "auto?trusted=1 $substituters" --option trusted-public-keys "$keys" --option require-sigs true \
	--option narinfo-cache-negative-ttl 0 --option connect-timeout 15 "$installable")
code=$?
rm -rf "$XDG_CACHE_HOME"
[ "$code" -eq 0 ] || exit "$code"
printf '%s\n%s\n' "$installable" "$path" > "$note.tmp" && sync && mv -f "$note.tmp" "$note" && sync
