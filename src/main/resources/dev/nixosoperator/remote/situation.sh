#!/bin/sh
# situation.sh [deep] : where the machine is, as KEY=VALUE lines; read by phase.Reading. Writes nothing to disks.
# deep: also look for markers on filesystems that nobody uses, mounted read-only without replaying a journal; every one
# that is found is told, as marker.disk.1, marker.disk.2, …
# NIXOS_OPERATOR_ROOT: prefix of all files, for tests.
set -u
LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin:/run/current-system/sw/bin:/run/wrappers/bin
export LC_ALL PATH
root=${NIXOS_OPERATOR_ROOT:-}

say() {
	printf '%s=%s\n' "$1" "$2"
}

first_line() {
	{ IFS= read -r line < "$1"; } 2> /dev/null && printf '%s' "$line"
}

# A marker on one line; newlines between JSON tokens mean nothing, and within strings there are none.
marker() {
	[ ! -f "$2" ] || say "$1" "$(head -c 8192 "$2" | tr -d '\n\r')"
}

os_release() {
	file=$root/etc/os-release
	[ -r "$file" ] || file=$root/usr/lib/os-release
	[ -r "$file" ] || return 0
	for key in ID ID_LIKE VARIANT_ID PRETTY_NAME; do
		value=$(sed -n "s/^$key=//p" "$file" | head -n 1 | tr -d "\"'")
		say "os.$key" "$value"
		[ "$key" != VARIANT_ID ] || variant=$value
	done
}

resolved() {
	[ ! -e "$2" ] || say "$1" "$(readlink -f "$2")"
}

# Devices that hold a filesystem nobody uses. Encrypted ones, pools and volume groups stay closed.
free_devices() {
	for class in "$root"/sys/class/block/*; do
		name=${class##*/}
		case $name in loop* | ram* | zram* | sr* | fd* | md* | nbd* | '*') continue ;; esac
		[ -b "/dev/$name" ] || continue
		[ -z "$(ls "$class/holders" 2> /dev/null)" ] || continue
		number=$(first_line "$class/dev")
		! grep -q "^[0-9]* [0-9]* $number " /proc/self/mountinfo || continue
		echo "/dev/$name"
	done
}

# In a mount namespace of its own. noload, norecovery, nologreplay: mounting must not write. ext4 clears orphans even
# then, unless the device is read-only: a loop device is. A kernel without them is not looked at: a marker that is missed
# costs an approval, a write costs trust.
look() {
	count=0
	at=$(mktemp -d /run/nixos-operator-look.XXXXXX) || exit 0
	for device in $(free_devices); do
		case $(blkid -p -o value -s TYPE "$device" 2> /dev/null) in
		ext4) options=noload,loop ;;
		xfs) options=norecovery,nouuid ;;
		btrfs) options=rescue=nologreplay,subvolid=5 ;;
		*) continue ;;
		esac
		type=$(blkid -p -o value -s TYPE "$device" 2> /dev/null)
		options=ro,nodev,nosuid,noexec,$options
		mount -t "$type" -o "$options" "$device" "$at" 2> /dev/null || continue
		# the root, a filesystem mounted on /nix, and subvolumes with either
		for found in "$at"/nix/var "$at"/var "$at"/*/nix/var "$at"/*/var "$at"/*/*/nix/var "$at"/*/*/var; do
			found=$found/nixos-operator/machine.json
			if [ -f "$found" ] && [ ! -L "$found" ]; then
				count=$((count + 1))
				marker "marker.disk.$count" "$found"
			fi
		done
		umount "$at"
	done
	rmdir "$at"
}

if [ "${1:-}" = look ]; then
	look
	exit 0
fi

variant=
say kernel "$(uname -s)"
say kernel.release "$(uname -r)"
say architecture "$(uname -m)"
os_release
say boot_id "$(first_line "$root/proc/sys/kernel/random/boot_id")"
say machine_id "$(first_line "$root/etc/machine-id")"
say dmi_uuid "$(first_line "$root/sys/class/dmi/id/product_uuid" | tr 'A-F' 'a-f')"
resolved system.current "$root/run/current-system"
resolved system.booted "$root/run/booted-system"
marker marker.run "$root/run/nixos-operator/machine.json"

if [ "$variant" != installer ] && [ -f "$root/nix/var/nixos-operator/machine.json" ]; then
	marker marker.disk "$root/nix/var/nixos-operator/machine.json"
elif [ -f "$root/mnt/nix/var/nixos-operator/machine.json" ] && grep -qs ' /mnt ' "$root/proc/self/mounts"; then
	marker marker.disk "$root/mnt/nix/var/nixos-operator/machine.json"
	say mounted yes
fi
if [ "${1:-}" = deep ] && [ -n "${2:-}" ] && command -v unshare > /dev/null && command -v blkid > /dev/null; then
	# $2 is this script: a child in a mount namespace of its own runs it
	unshare -m sh -c "$2" situation.sh look 2> /dev/null
fi
say situation.end yes
