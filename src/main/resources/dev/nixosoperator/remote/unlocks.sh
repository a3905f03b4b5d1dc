#!/bin/sh
# unlocks.sh NAME text|raw FILE [ARGUMENT...] : whether the key in FILE opens the LUKS device that is open as /dev/mapper/NAME, with the
# bytes that the initrd will take: a passphrase (text) without the newlines at its end, as it is typed; a key file (raw) as it is. Only reads.
# Exit code 3: FILE is not there.
set -u
PATH=$PATH:/usr/sbin:/sbin
export PATH
name=$1 form=$2 file=$3
shift 3
[ -s "$file" ] || {
	echo "$file is not there" >&2
	exit 3
}
device=$(cryptsetup status "$name" | sed -n 's/^ *device: *//p')
[ -n "$device" ] || {
	echo "/dev/mapper/$name is not open" >&2
	exit 4
}
set -- open --test-passphrase --type luks "$@"
if [ "$form" = text ]; then
	printf '%s' "$(tr -d '\000' < "$file")" | cryptsetup "$@" --key-file=- "$device"
else
	cryptsetup "$@" --key-file="$file" "$device"
fi
