#!/bin/bash
# nixos-enter [--root DIR] [--system P] [--silent] [-c COMMAND | --command COMMAND | -- ARGS...]: as on NixOS, in a mount namespace of its own.
set -euo pipefail
root=/mnt system=/nix/var/nix/profiles/system cmd=()
while [ $# -gt 0 ]; do case $1 in
  --root) root=$2; shift 2 ;;
  --system) system=$2; shift 2 ;;
  --silent) shift ;;
  -c|--command) cmd=(/bin/sh -c "$2"); shift 2 ;;
  --) shift; cmd=("$@"); break ;;
  *) echo "$0: unknown option '$1'" >&2; exit 1 ;;
esac; done
[ -e "$root/etc/NIXOS" ] || { echo "$0: '$root' is not a NixOS installation" >&2; exit 126; }
[ ${#cmd[@]} -gt 0 ] || cmd=(/bin/sh -l)
export root system
# shellcheck disable=SC2016  # expanded inside
exec unshare --fork --mount --uts --propagation private -- bash -euc '
  mkdir -p "$root"/{dev,sys,proc,run}
  mount --rbind /dev "$root/dev"; mount --rbind /sys "$root/sys"; mount -t proc proc "$root/proc"
  # a /run of its own: activation must not touch that of the installer
  mount -t tmpfs -o mode=755 run "$root/run"; mkdir "$root/run/udev"; mount --rbind /run/udev "$root/run/udev"
  chroot "$root" "$system/activate" >&2 || echo "activation failed" >&2
  exec chroot "$root" "$@"' _ "${cmd[@]}"
