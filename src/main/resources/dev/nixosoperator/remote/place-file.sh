#!/bin/sh
# place-file.sh PATH MODE OWNER SIZE < CONTENT : write a file of the installed system, whole or not at all.
# No part of the path may lead out of the root: a directory that is a symbolic link must end inside it.
set -eu
umask 077
root=${NIXOS_OPERATOR_MNT:-/mnt}
path=$1 mode=$2 owner=$3 size=$4

fail() {
	echo "$path: $*" >&2
	exit 1
}

case /$path/ in */../* | */./*) fail "not a plain path" ;; esac
dir=$root
rest=${path#/}
while [ "$rest" != "${rest#*/}" ]; do
	part=${rest%%/*}
	rest=${rest#*/}
	[ -n "$part" ] || continue
	dir=$dir/$part
	if [ -L "$dir" ]; then
		case $(readlink -f -- "$dir")/ in "$root"/*) ;; *) fail "$dir leads out of $root" ;; esac
	fi
	if [ ! -d "$dir" ]; then
		mkdir -m 0755 -- "$dir" || fail "cannot create $dir"
		chown 0:0 -- "$dir"
	fi
done
[ -n "$rest" ] || fail "names no file"
[ ! -d "$dir/$rest" ] || fail "is a directory"
tmp=$(mktemp "$dir/.nixos-operator.XXXXXXXX")
trap 'rm -f -- "$tmp"' EXIT
cat > "$tmp"
got=$(wc -c < "$tmp")
[ "$got" -eq "$size" ] || fail "$((got)) of $size bytes arrived"
chown -- "$owner" "$tmp"
chmod -- "$mode" "$tmp"
mv -f -- "$tmp" "$dir/$rest"
