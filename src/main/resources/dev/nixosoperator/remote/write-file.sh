#!/bin/sh
# write-file.sh PATH MODE OWNER SIZE < CONTENT : write the file with all of its content or not at all.
set -eu
path=$1 mode=$2 owner=$3 size=$4
dir=$(dirname -- "$path")
mkdir -p -- "$dir"
umask 077
tmp=$(mktemp "$dir/.nixos-operator.XXXXXXXX")
trap 'rm -f -- "$tmp"' EXIT
cat > "$tmp"
# A connection that breaks looks like the end of the content.
got=$(wc -c < "$tmp")
[ "$got" -eq "$size" ] || { echo "$path: $((got)) of $size bytes arrived" >&2; exit 1; }
chown -- "$owner" "$tmp"
chmod -- "$mode" "$tmp"
if [ -d "$path" ]; then echo "$path is a directory" >&2; exit 1; fi
mv -f -- "$tmp" "$path"
