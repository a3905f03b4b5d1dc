#!/bin/bash
# disks.sh OPERATION PLAN MODE SCRIPTS STARTED DONE : job; the work on the disks.
#   MODE     DestroyFormatMount | FormatMount | Mount | TryMount
#   SCRIPTS  directory with destroy.sh, format.sh, look.sh, mount.sh, unmount.sh
#   STARTED DONE  the marker in either state, JSON on one line
# TryMount: after a restart it looks for the marker of this operation and plan, which says that the format was finished;
# only then it mounts what is there. Until then it writes nothing. The marker in tmpfs counts too, for it is of this boot.
# Whatever fails, nothing stays mounted or opened.
set -euo pipefail
# Jobs are begun with umask 077; what is made here belongs to the installed system and must be readable there.
umask 022
operation=$1 plan=$2 mode=$3 scripts=$4 started=$5 finished=$6
run=${NIXOS_OPERATOR_RUN:-/run/nixos-operator}/machine.json
root=${NIXOS_OPERATOR_MNT:-/mnt}
disk=$root/nix/var/nixos-operator/machine.json

fail() {
	echo "::failed $1"
	exit 1
}

# has FILE KEY VALUE
has() {
	grep -qsF "\"$2\":\"$3\"" "$1"
}

finished() {
	has "$1" operation "$operation" && has "$1" planHash "$plan" && { has "$1" state FORMAT_DONE || has "$1" state INSTALLED; }
}

# write FILE TEXT: whole or not at all, and on the disk
write() {
	mkdir -p -- "${1%/*}"
	printf '%s\n' "$2" > "$1.tmp"
	sync "$1.tmp" 2> /dev/null || sync
	mv -f -- "$1.tmp" "$1"
	sync -f "$1" 2> /dev/null || sync
}

# The last gate, on the machine itself.
if [ "$mode" != TryMount ] && { has "$run" operation "$operation" || finished "$disk"; }; then
	fail begun
fi

# What was opened only for a look is closed without the layout's hooks.
hooks=
release() {
	bash "$scripts/unmount.sh" "$hooks" < /dev/null > /dev/null || true
}

script() {
	echo "::part $1"
	bash "$scripts/$1.sh" < /dev/null || { release; fail "$1"; }
}

look() {
	hooks=no-hooks
	(script look) > "$scripts/seen" || { cat "$scripts/seen"; exit 1; }
	cat "$scripts/seen"
	release
	hooks=
	finished "$scripts/seen" || fail marker
}

case $mode in
DestroyFormatMount)
	write "$run" "$started"
	script destroy
	script format
	;;
FormatMount)
	write "$run" "$started"
	script format
	;;
Mount) ;;
TryMount) finished "$run" || look ;;
*) fail "mode $mode" ;;
esac
# From here on a mount that fails may be tried again in this boot.
[ "$mode" = TryMount ] || write "$run" "$finished"
script mount
if [ "$mode" = TryMount ] && finished "$disk"; then
	write "$run" "$(cat "$disk")"
	exit 0
fi
if [ "$mode" = TryMount ] && ! finished "$run"; then
	release
	fail marker
fi
write "$disk" "$finished"
write "$run" "$finished"
