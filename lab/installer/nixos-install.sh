#!/bin/bash
# Stand-in for nixos-install: sets the system profile and installs the boot loader of a toplevel that is in the store under --root.
#   nixos-install --system P [--root /mnt] [--no-root-passwd] [--no-channel-copy] [--no-bootloader]
set -euo pipefail
root=/mnt system='' loader=1
while [ $# -gt 0 ]; do case $1 in
  --system|--closure) system=$2; shift 2 ;;
  --root) root=$2; shift 2 ;;
  --no-bootloader) loader=; shift ;;
  --no-root-passwd|--no-root-password|--no-channel-copy|--verbose|-v|--debug) shift ;;
  --option) shift 3 ;;
  --max-jobs|-j|--cores|--substituters) shift 2 ;;
  *) echo "$0: unknown option '$1'" >&2; exit 1 ;;
esac; done
[ -n "$system" ] || { echo "$0: the lab knows only --system" >&2; exit 1; }
[ -d "$root" ] || { echo "mount point $root doesn't exist" >&2; exit 1; }
nix-env --store "$root" -p "$root/nix/var/nix/profiles/system" --set "$system"
mkdir -p "$root/etc"; touch "$root/etc/NIXOS"; ln -sfn /proc/mounts "$root/etc/mtab"
if [ -n "$loader" ]; then
  echo "installing the boot loader..."
  NIXOS_INSTALL_BOOTLOADER=1 nixos-enter --root "$root" -c '/run/current-system/bin/switch-to-configuration boot'
fi
echo "installation finished!"
