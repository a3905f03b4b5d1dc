#!/bin/sh
# serve.sh : takes paths into the store under /mnt from whoever speaks the protocol of nix-store --serve with it.
set -u
# What is made here belongs to the installed system and must be readable there.
umask 022
root=${NIXOS_OPERATOR_MNT:-/mnt}
mkdir -p "$root/tmp" && chmod 1777 "$root/tmp" || exit 1
# Archives are unpacked on the disk, not in the installer's memory.
TMPDIR=$root/tmp
export TMPDIR
exec nix-store --serve --write --store "local?root=$root"
