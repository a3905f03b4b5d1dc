#!/bin/bash
# cycle.sh DIRECTORY DISK... : runs the scripts of DIRECTORY on disks that may be wiped, each more than once as an installation may, and prints what came
# of it: "NAME CODE" for each run, why it failed, and the outcome of each comparison. Runs as root; everything is mounted below /mnt.
set -u
dir=$1
shift
cd "$dir" || exit 1

run() { # SCRIPT
	bash "./$1" >"log.$1" 2>&1
	local code=$?
	echo "$1 $code"
	[ $code = 0 ] || tail -n 8 "log.$1"
}

# What must not change when it is formatted again: tables, types, labels and UUIDs of everything on the disks.
identity() { # FILE DISK...
	local file=$1 node
	shift
	for node in $(lsblk --list --noheadings --paths --output NAME "$@" | sort -u); do
		echo "== $node"
		blkid -p -o export "$node" | grep -vE '^(DEVNAME|USAGE|VERSION|SEC_TYPE)='
		# And the keys: disko adds one at each format (fault 9 of the reference).
		if cryptsetup isLuks "$node" 2>/dev/null; then cryptsetup luksDump "$node" | grep -cE '^ +[0-9]+: luks2$'; fi
	done >"$file"
}

mounts() { findmnt --noheadings --raw --output TARGET,FSTYPE | grep -E '^/mnt(/|[[:space:]])' | grep -vxFf before | sort; }

kept() { # PREPOSITION: writes or looks for a file on everything that outlives an unmount
	mounts | while read -r target type; do
		target=$(printf '%b' "$target")
		case $type in tmpfs) continue ;; esac
		if [ "$1" = write ]; then echo keep >"$target/kept-here"; else grep -qx keep "$target/kept-here" || echo "lost: $target"; fi
	done
}

same() { if cmp -s "$1" "$2"; then echo "$3: same"; else
	echo "$3: differs"
	diff "$1" "$2"
fi; }

mkdir -p /mnt
: >before
mounts >already
mv already before
run destroy
run format
identity one "$@"
run format
identity two "$@"
same one two 'formatted again'
run mount
mounts >mounted
lsblk --json --output NAME,TYPE,FSTYPE,PARTLABEL,PARTTYPE,START,SIZE,MOUNTPOINTS,LABEL "$@" >seen.json
if [ -d /sys/module/zfs ]; then
	zpool status -L | grep -P '^\t'
	zfs list -H -o name,type,mountpoint,canmount,encryption,volsize,compression,com.sun:auto-snapshot
fi >seen.zfs 2>/dev/null
swaps=$(wc -l </proc/swaps)
run mount
mounts | same - mounted 'mounted again'
[ "$(wc -l </proc/swaps)" = "$swaps" ] || echo 'swap changed'
kept write
rooted=$(findmnt --noheadings --output TARGET --mountpoint /mnt)
mkdir -p /mnt/nix/var/nixos-operator && echo the-marker >/mnt/nix/var/nixos-operator/machine.json
run format
identity three "$@"
same one three 'formatted while mounted'
run unmount
run unmount
[ -z "$(mounts)" ] || echo "still mounted: $(mounts)"
run look
[ -z "$rooted" ] || grep -qx the-marker log.look || echo 'look did not find the marker'
run unmount
run format
run mount
mounts | same - mounted 'mounted after all'
kept look
sed 's/^/mounted /' mounted
# While all of it is in use: a wipe switches off what stands on its disks.
run destroy
for disk; do
	[ -z "$(wipefs --noheadings "$disk")" ] || echo "$disk is not blank"
done
