#!/bin/sh
# Prints one JSON document about all disks: lsblk's tree, an own probe of each disk and partition (not udev's memory), links, LVM groups.
# With the argument unprobed no device is read, for a look every few minutes must not wake a disk that sleeps; and the system that runs tells
# what lsblk does not know: where partitions begin, how arrays are, what is mounted, subvolumes, datasets, which of the files that are its
# further arguments exist and their sizes, and which additions were cut short.
# Runs as root, writes nothing, needs util-linux >= 2.34 and coreutils. Read by dev.nixosoperator.disk.BlockDevices.
set -u
LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin:/run/current-system/sw/bin
export LC_ALL PATH

MIB=1048576

# JSON text of stdin, on one line.
quoted() {
	printf '"'
	tr -d '\000-\010\013-\037' | tr '\n\t' '  ' | sed -e 's/[\\"]/\\&/g' -e 's/ *$//'
	printf '"'
}

# zero DEVICE FIRST-MIB COUNT: true, false, or null when it cannot be read to the end.
zero() {
	want=$(($3 * MIB))
	got=$(dd if="$1" bs=$MIB skip="$2" count="$3" 2>/dev/null | wc -c)
	[ "$got" -eq "$want" ] || {
		printf null
		return
	}
	data=$(dd if="$1" bs=$MIB skip="$2" count="$3" 2>/dev/null | tr -d '\000' | wc -c)
	if [ "$data" -eq 0 ]; then printf true; else printf false; fi
}

# The last MiB need not begin at a multiple of one: the last two such blocks are read, the last one as far as it goes.
zero_end() {
	size=$2
	skip=$((size / MIB - 1))
	[ "$skip" -ge 0 ] || skip=0
	want=$((size - skip * MIB))
	got=$(dd if="$1" bs=$MIB skip="$skip" 2>/dev/null | wc -c)
	[ "$got" -eq "$want" ] || {
		printf null
		return
	}
	data=$(dd if="$1" bs=$MIB skip="$skip" 2>/dev/null | tr -d '\000' | wc -c)
	if [ "$data" -eq 0 ]; then printf true; else printf false; fi
}

# probe PATH KNAME TYPE SIZE
probe() {
	signatures=$(wipefs --no-act --json "$1" 2>/dev/null) || signatures=null
	[ -n "$signatures" ] || signatures='{"signatures":[]}'
	table=$(blkid -p -o value -s PTUUID "$1" 2>/dev/null)
	blkid -p "$1" >/dev/null 2>&1
	found=$?
	printf '{"kname":"%s","blkid":%s,"ptuuid":' "$2" "$found"
	printf '%s' "$table" | quoted
	printf ',"signatures":%s' "$signatures"
	if [ "$3" = disk ]; then
		first=null
		last=null
		if [ "$4" -ge $MIB ]; then
			first=$(zero "$1" 0 1)
			last=$(zero_end "$1" "$4")
		fi
		printf ',"zeroFirst":%s,"zeroLast":%s,"serial":' "$first" "$last"
		cat "/sys/class/block/$2/serial" "/sys/class/block/$2/device/serial" 2>/dev/null | head -n 1 | quoted
	fi
	printf '}'
}

probes() {
	comma=
	lsblk --noheadings --raw --bytes --output KNAME,TYPE,SIZE,PATH | sort -u | while read -r kname type size path; do
		case $type in disk | part) ;; *) continue ;; esac
		case $kname in loop* | ram* | zram* | fd* | sr* | zd*) continue ;; esac
		[ "$size" -gt 0 ] || continue
		printf '%s' "$comma"
		probe "$path" "$kname" "$type" "$size"
		comma=,
	done
}

links() {
	comma=
	{
		printf '%s\n' /dev/disk/by-id/* /dev/disk/by-path/* /dev/disk/by-diskseq/*
		[ ! -d /dev/zvol ] || find /dev/zvol -type l
	} | while read -r link; do
		[ -b "$link" ] || continue
		printf '%s{"link":' "$comma"
		printf '%s' "$link" | quoted
		printf ',"target":'
		readlink -f "$link" | quoted
		printf '}'
		comma=,
	done
}

# LVM tells a member's group only by its own tools; without them "pvs" is null and the members' groups are unknown.
groups() {
	command -v pvs >/dev/null 2>&1 || {
		printf null
		return
	}
	printf '['
	comma=
	pvs --noheadings --options pv_name,vg_uuid 2>/dev/null | while read -r pv vg; do
		printf '%s{"pv":' "$comma"
		readlink -f "$pv" | quoted
		printf ',"vg":'
		printf '%s' "$vg" | quoted
		printf '}'
		comma=,
	done
	printf ']'
}

# Lines of stdin as a list of texts; there may be thousands.
texts() {
	printf '['
	tr -d '\000-\010\013-\037' | tr '\t' ' ' | sed -e 's/[\\"]/\\&/g' -e 's/.*/"&"/' -e '$!s/$/,/' | tr -d '\n'
	printf ']'
}

# Where partitions begin; lsblk tells it only since 2.38.
starts() {
	comma=
	for start in /sys/class/block/*/start; do
		[ -e "$start" ] || continue
		name=${start%/start}
		printf '%s{"kname":"%s","sectors":%s}' "$comma" "${name##*/}" "$(cat "$start")"
		comma=,
	done
}

# Of each array that runs; those that can lose no member do not tell how many they lost.
arrays() {
	comma=
	for md in /sys/class/block/md*/md; do
		[ -e "$md/level" ] || continue
		kname=${md%/md}
		missing=0
		[ ! -e "$md/degraded" ] || missing=$(cat "$md/degraded")
		printf '%s{"kname":"%s","level":"%s","members":%s,"missing":%s}' "$comma" "${kname##*/}" "$(cat "$md/level")" "$(cat "$md/raid_disks")" "$missing"
		comma=,
	done
}

# As the kernel knows it: udev does not know what is on a device that was there before it, as one that an initrd without udev opened.
mounted() {
	comma=
	{
		findmnt --noheadings --raw --output MAJ:MIN,FSTYPE | sort -u
		# btrfs has a number of its own.
		for device in /sys/fs/btrfs/*-*/devices/*/dev; do
			[ ! -e "$device" ] || {
				uuid=${device%/devices/*}
				echo "$(cat "$device") btrfs ${uuid##*/}"
			}
		done
	} | while read -r number type uuid; do
		[ -e "/sys/dev/block/$number" ] || continue
		device=$(readlink -f "/sys/dev/block/$number")
		printf '%s{"kname":"%s","fstype":"%s"%s}' "$comma" "${device##*/}" "$type" "${uuid:+,\"uuid\":\"$uuid\"}"
		comma=,
	done
}

# Of each mounted btrfs that tells them.
subvolumes() {
	comma=
	for devices in /sys/fs/btrfs/*-*/devices; do
		target=
		for device in "$devices"/*; do
			[ -n "$target" ] || target=$(findmnt --noheadings --list --first-only --types btrfs --output TARGET --source "/dev/${device##*/}")
		done
		[ -n "$target" ] || continue
		uuid=${devices%/devices}
		uuid=${uuid##*/}
		# Else the paths of those below the one that is mounted there are told from there.
		found=$(btrfs subvolume list -a "$target" 2>/dev/null) || continue
		printf '%s{"uuid":"%s","paths":' "$comma" "$uuid"
		printf '%s\n' "$found" | sed -n -e 's/^ID [0-9]* gen [0-9]* top level [0-9]* path //' -e 's/^<FS_TREE>\///' -e p | texts
		printf '}'
		comma=,
	done
}

# Of all imported pools; null where ZFS does not run.
datasets() {
	found=
	[ ! -d /sys/module/zfs ] || found=$(zfs list -H -t filesystem,volume -o name 2>/dev/null) || found=
	if [ -n "$found" ]; then printf '%s\n' "$found" | texts; else printf null; fi
}

columns=NAME,KNAME,PATH,TYPE,SIZE,SERIAL,WWN,MODEL,VENDOR,TRAN,ROTA,RM,RO,FSTYPE,UUID,LABEL,PTTYPE,PTUUID,PARTUUID,PARTLABEL,PARTTYPE,PARTFLAGS,PKNAME
# util-linux before 2.37 tells one mount of a device only.
tree=$(lsblk --json --bytes --output "$columns,MOUNTPOINTS" 2>/dev/null || lsblk --json --bytes --output "$columns,MOUNTPOINT") || {
	echo "lsblk failed: util-linux 2.34 or newer is needed" >&2
	exit 1
}
if [ "${1:-}" = unprobed ]; then
	printf '{"version":1,"lsblk":%s,"probes":null,"links":[' "$tree"
	links
	printf '],"starts":['
	starts
	printf '],"arrays":['
	arrays
	printf '],"mounted":['
	mounted
	printf '],"subvolumes":['
	subvolumes
	printf '],"files":'
	shift
	for file; do [ ! -f "$file" ] || stat -c '%s %n' "$file"; done | texts
	printf ',"datasets":'
	datasets
	printf ',"unfinished":'
	unfinished=${NIXOS_OPERATOR_STATE:-/nix/var/nixos-operator}/unfinished
	if [ -e "$unfinished" ]; then texts <"$unfinished"; else printf '[]'; fi
	printf '}\n'
	exit
fi
printf '{"version":1,"lsblk":%s,"probes":[' "$tree"
probes
printf '],"links":['
links
printf '],"pvs":'
groups
printf '}\n'
