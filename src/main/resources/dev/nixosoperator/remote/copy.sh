#!/bin/sh
# copy.sh TOPLEVEL SUBSTITUTERS KEYS : job; bring the closure into the store under /mnt. SUBSTITUTERS empty: from the installer's own store.
set -u
# Jobs are begun with umask 077; what is made here belongs to the installed system and must be readable there.
umask 022
toplevel=$1 substituters=$2 keys=$3
root=${NIXOS_OPERATOR_MNT:-/mnt}
store="local?root=$root"
set -- --extra-experimental-features 'nix-command flakes'
mkdir -p "$root/tmp" && chmod 1777 "$root/tmp" || exit 1
# Downloads are unpacked on the disk, not in the installer's memory.
TMPDIR=$root/tmp
export TMPDIR

# Nix says nothing within a path, and one may take long: what the disk holds tells that it goes on.
alive() {
	last=''
	# With its sleep: nothing of a job is left behind.
	trap 'kill "$!" 2> /dev/null; exit' TERM
	while :; do
		sleep 20 &
		wait "$!"
		used=$(df -Pk "$root" | { read -r _ && read -r _ _ used _ && echo "$used"; })
		[ "$used" = "$last" ] || echo "::alive $used"
		last=$used
	done
}
alive &
beat=$!
trap 'kill "$beat" 2> /dev/null' EXIT

if [ -z "$substituters" ]; then
	nix "$@" copy --no-check-sigs --to "$store" "$toplevel"
	exit
fi
# Realising asks every cache for every path and checks signatures; nothing may be built.
nix-store "$@" --realise "$toplevel" --store "$store" --option substituters "$substituters" --option trusted-public-keys "$keys" \
	--option require-sigs true --option max-jobs 0 --option fallback false --option narinfo-cache-negative-ttl 0 --option connect-timeout 15
