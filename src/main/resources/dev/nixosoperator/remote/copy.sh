#!/bin/sh
# copy.sh TOPLEVEL SUBSTITUTERS KEYS : job; bring the closure into the store under /mnt. SUBSTITUTERS empty: from the installer's own store.
set -u
toplevel=$1 substituters=$2 keys=$3
store='local?root=/mnt'
set -- --extra-experimental-features 'nix-command flakes'
mkdir -p /mnt/tmp && chmod 1777 /mnt/tmp || exit 1
# Downloads are unpacked on the disk, not in the installer's memory.
export TMPDIR=/mnt/tmp
if [ -z "$substituters" ]; then
	exec nix "$@" copy --no-check-sigs --to "$store" "$toplevel"
fi
# Realising asks every cache for every path and checks signatures; nothing may be built.
exec nix-store "$@" --realise "$toplevel" --store "$store" --option substituters "$substituters" --option trusted-public-keys "$keys" \
	--option require-sigs true --option max-jobs 0 --option fallback false --option narinfo-cache-negative-ttl 0 --option connect-timeout 15
