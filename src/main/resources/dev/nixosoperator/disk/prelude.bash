#!/usr/bin/env bash
# Functions for disk scripts. A script of nixos-operator is this text and then one call a line.
#
# Devices are named by reference: d1 (first disk of the layout), d1p2 (its partition 2), /dev/mapper/NAME. A disk is looked up once and
# must be the planned one; a partition is looked up by number below its own disk, never by a label that another disk may carry too.
#
# Exit codes: 70 a disk is not the planned one, 71 something else is there, 72 in use, 73 a program or key is missing,
# 74 a device did not appear, 75 not for this mode; others come from the program that failed.
set -euo pipefail
set -E
shopt -s inherit_errexit
export LC_ALL=C
umask 077
exec </dev/null

ROOT=/mnt
STEP=start
WAIT=30
SCRIPT=
declare -A NODE=() SYS=() TITLE=()

fail() { # CODE MESSAGE
	printf '::failed %s: %s\n' "$STEP" "$2" >&2
	trap - ERR
	exit "$1"
}

broken() { # CODE COMMAND
	local code=$1
	trap - ERR
	# 70 to 75 have told why already.
	[[ $BASH_SUBSHELL -gt 0 || ($code -ge 70 && $code -le 75) ]] || printf '::failed %s: exit code %s of: %s\n' "$STEP" "$code" "${2%%[[:space:]]*}" >&2
	exit "$code"
}
trap 'broken $? "$BASH_COMMAND"' ERR

begin() { SCRIPT=$1; }

step() { # N/M WHAT
	STEP=$2
	printf '::step %s %s\n' "$1" "$2"
}

note() { printf '%s\n' "$1"; }

finish() { note "$SCRIPT: done"; }

refuse() { fail 75 "the mode $2 does not run the $1 script"; }

need() {
	local tool
	for tool; do
		command -v -- "$tool" >/dev/null || fail 73 "the program $tool is missing"
	done
}

need_key() { # text|raw FILE
	local key
	[[ -f $2 && -r $2 && -s $2 ]] || fail 73 "the key file $2 is missing or empty"
	if [[ $1 == text ]]; then
		key=$(tr -d '\0' <"$2")
		[[ -n $key ]] || fail 73 "the key file $2 holds nothing but newlines"
	fi
}

column() { # COLUMN DEVICE: one value of lsblk, blanks as udev would write them
	lsblk --nodeps --noheadings --bytes --output "$1" -- "$2" | head -n 1 | sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' -e 's/[[:space:]][[:space:]]*/_/g'
}

serial_of() { # NODE SYSDIR
	local serial file
	serial=$(column SERIAL "$1")
	for file in "$2/serial" "$2/device/serial"; do
		if [[ -z $serial && -r $file ]]; then
			serial=$(head -n 1 -- "$file" | sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' -e 's/[[:space:]][[:space:]]*/_/g')
		fi
	done
	printf '%s' "$serial"
}

sys_of() { readlink -f -- "/sys/dev/block/$(column MAJ:MIN "$1")"; }

disk() { # REF NAME DEVICE SERIAL WWN BYTES
	local node sys serial wwn bytes
	node=$(readlink -f -- "$3") || node=
	[[ -b $node ]] || fail 70 "disk $2: $3 is not there"
	sys=$(sys_of "$node")
	[[ ! -e $sys/partition ]] || fail 70 "disk $2: $3 is a partition"
	serial=$(serial_of "$node" "$sys")
	wwn=$(column WWN "$node")
	wwn=${wwn,,}
	bytes=$(column SIZE "$node")
	[[ $serial == "$4" ]] || fail 70 "disk $2: $3 has the serial '$serial', planned was '$4'"
	[[ $wwn == "$5" ]] || fail 70 "disk $2: $3 has the wwn '$wwn', planned was '$5'"
	[[ $bytes == "$6" ]] || fail 70 "disk $2: $3 has $bytes bytes, planned were $6"
	NODE[$1]=$node
	SYS[$1]=$sys
	TITLE[$1]="disk $2 ($node)"
}

settle() {
	command -v udevadm >/dev/null || return 0
	udevadm trigger --subsystem-match=block || true
	udevadm settle --timeout=60 || note "udev was not ready after 60 s"
}

reread() { # NODE: the kernel takes over a changed table, also beside partitions in use
	partx --update -- "$1" >/dev/null 2>&1 || partprobe "$1" >/dev/null 2>&1 || true
	settle
}

node_now() { # REF: prints the node, or nothing if it is not there (yet)
	local sys number entry
	case $1 in
	/dev/mapper/*) [[ ! -b $1 ]] || printf '%s' "$1" ;;
	d*p*)
		sys=${SYS[${1%%p*}]}
		number=${1#*p}
		for entry in "$sys"/*/partition; do
			if [[ -r $entry && $(<"$entry") == "$number" ]]; then
				entry=/dev/$(sed -n 's/^DEVNAME=//p' "${entry%/*}/uevent")
				[[ ! -b $entry ]] || printf '%s' "$entry"
			fi
		done
		;;
	*) printf '%s' "${NODE[$1]}" ;;
	esac
}

node_of() { # REF: waits
	local node end=$((SECONDS + WAIT))
	while :; do
		node=$(node_now "$1")
		[[ -z $node ]] || break
		[[ $SECONDS -lt $end ]] || fail 74 "$1 did not appear within $WAIT s"
		sleep 0.2
	done
	printf '%s' "$node"
}

signatures() { # NODE: what libblkid sees, each once, in one line
	wipefs --noheadings --output TYPE -- "$1" | sed 's/[[:space:]]//g' | sort -u | paste -s -d ' ' -
}

# --- partition table ---

gpt_table() { # REF
	local node found
	node=$(node_of "$1")
	found=$(signatures "$node")
	case $found in
	'')
		sgdisk --clear "$node"
		reread "$node"
		;;
	'PMBR gpt' | 'gpt') note "the table is there" ;;
	*) fail 71 "${TITLE[$1]} holds $found; wanted is a GPT or nothing" ;;
	esac
}

info_line() { sed -n "s/^$2: //p" <<<"$1"; }

type_guid() { # CODE: as sgdisk understands it, from a table in a scratch file
	local scratch guid
	if [[ $1 == *-* ]]; then
		printf '%s' "${1^^}"
		return
	fi
	scratch=$(mktemp)
	truncate --size=4M "$scratch"
	sgdisk --clear --new=1:0:0 --typecode=1:"$1" "$scratch" >/dev/null
	guid=$(sgdisk --info=1 "$scratch" | sed -n 's/^Partition GUID code: \([0-9A-F-]*\).*/\1/p')
	rm -f -- "$scratch"
	printf '%s' "$guid"
}

gpt_partition() { # REF NUMBER LABEL LINK TYPE GUID START END ALIGNMENT BYTES ATTRIBUTES [BIT...]
	local disk=$1 n=$2 label=$3 link=$4 type=$5 guid=$6 start=$7 end=$8 align=$9 bytes=${10} mask=${11}
	local node info bit args part fresh=''
	shift 11
	node=$(node_of "$disk")
	info=$(sgdisk --info="$n" "$node")
	if [[ $info == *'does not exist'* ]]; then
		args=(--align-end)
		[[ $align == 0 ]] || args+=(--set-alignment="$align")
		args+=(--new="$n:$start:$end" --partition-guid="$n:$guid" --change-name="$n:$label" --typecode="$n:$type" --attributes="$n:=:0")
		for bit; do args+=(--attributes="$n:set:$bit"); done
		sgdisk "${args[@]}" "$node"
		reread "$node"
		fresh=yes
		info=$(sgdisk --info="$n" "$node")
	fi
	gpt_compare "${TITLE[$disk]} partition $n" "$info" "$label" "$(type_guid "$type")" "${guid^^}" "$bytes" "$mask" "$(blockdev --getss "$node")"
	part=$(node_of "${disk}p$n")
	if [[ -n $fresh ]]; then
		# What an older table left in this place is nobody's: the space was free until now.
		wipefs --all --force -- "$part"
		settle
	else
		note "partition $n is there"
	fi
	by_label "$part" "$link"
}

gpt_compare() { # WHAT INFO LABEL TYPE GUID BYTES ATTRIBUTES SECTOR
	local name type guid sectors have mask
	name=$(info_line "$2" 'Partition name')
	name=${name#\'}
	name=${name%\'}
	type=$(info_line "$2" 'Partition GUID code')
	type=${type%% *}
	guid=$(info_line "$2" 'Partition unique GUID')
	sectors=$(info_line "$2" 'Partition size')
	have=$((${sectors%% *} * $8))
	mask=$(info_line "$2" 'Attribute flags')
	[[ $name == "$3" ]] || fail 71 "$1 is named '$name', wanted is '$3'"
	[[ $type == "$4" ]] || fail 71 "$1 has the type $type, wanted is $4"
	[[ $5 == R || $guid == "$5" ]] || fail 71 "$1 has the uuid $guid, wanted is $5"
	[[ $mask == "$7" ]] || fail 71 "$1 has the attributes $mask, wanted are $7"
	# Alignment of both ends moves the size by less than 2 MiB.
	[[ $6 == 0 || ($have -le $(($6 + 2097152)) && $have -ge $(($6 - 2097152))) ]] || fail 71 "$1 has $have bytes, wanted are $6"
}

by_label() { # NODE LINK: NixOS will look for this link; it must lead here
	local link=/dev/disk/by-partlabel/$2 end=$((SECONDS + WAIT))
	command -v udevadm >/dev/null || return 0
	until [[ -e $link || $SECONDS -ge $end ]]; do sleep 0.2; done
	[[ -e $link ]] || fail 74 "$link did not appear within $WAIT s"
	[[ $(readlink -f -- "$link") == "$1" ]] || fail 71 "$link leads to $(readlink -f -- "$link") and not to $1: another disk has a partition of the same name"
}

# --- contents ---

make_filesystem() { # REF FORMAT [ARGUMENT...]
	local ref=$1 format=$2 node found
	shift 2
	node=$(node_of "$ref")
	found=$(signatures "$node")
	case $found in
	'')
		"mkfs.$format" "$@" "$node"
		settle
		;;
	"$format") note "$format is there" ;;
	*) fail 71 "$node holds $found; wanted is $format or nothing" ;;
	esac
}

make_swap() { # REF [ARGUMENT...]
	local ref=$1 node found
	shift
	node=$(node_of "$ref")
	found=$(signatures "$node")
	case $found in
	'')
		mkswap "$@" "$node"
		settle
		;;
	swap) note "swap is there" ;;
	*) fail 71 "$node holds $found; wanted is swap or nothing" ;;
	esac
}

expect_blank() { # REF
	local node found
	node=$(node_of "$1")
	found=$(signatures "$node")
	[[ -z $found ]] || fail 71 "$node holds $found; wanted is nothing: NixOS will overwrite it at every boot"
}

# --- LUKS: the key goes through a pipe or as a file name, never as an argument ---

luks() { # text|raw FILE ARGUMENT...
	local form=$1 file=$2
	shift 2
	if [[ $form == text ]]; then
		printf '%s' "$(tr -d '\0' <"$file")" | cryptsetup "$@" --key-file=-
	else
		cryptsetup "$@" --key-file="$file"
	fi
}

luks_format() { # REF text|raw FILE [KEY-ARGUMENT...] -- [ARGUMENT...]
	local ref=$1 form=$2 file=$3 node found
	local keyargs=()
	shift 3
	while [[ $1 != -- ]]; do
		keyargs+=("$1")
		shift
	done
	shift
	node=$(node_of "$ref")
	found=$(signatures "$node")
	case $found in
	'') luks "$form" "$file" luksFormat --batch-mode "$@" "${keyargs[@]}" "$node" ;;
	crypto_LUKS) note "LUKS is there" ;;
	*) fail 71 "$node holds $found; wanted is LUKS or nothing" ;;
	esac
}

luks_below() { # NAME: the node below an open mapper device, nothing if it is closed
	local sys below
	[[ -b /dev/mapper/$1 ]] || return 0
	sys=$(sys_of "/dev/mapper/$1")
	for below in "$sys"/slaves/*; do
		[[ ! -e $below ]] || printf '/dev/%s' "$(sed -n 's/^DEVNAME=//p' "$below/uevent")"
	done
}

luks_open() { # REF text|raw FILE NAME [ARGUMENT...]
	local ref=$1 form=$2 file=$3 name=$4 node below
	shift 4
	node=$(node_of "$ref")
	below=$(luks_below "$name")
	if [[ -n $below ]]; then
		[[ $below == "$(readlink -f -- "$node")" ]] || fail 72 "/dev/mapper/$name is open on $below, wanted is $node"
		note "$name is open"
		return
	fi
	luks "$form" "$file" open --type luks "$node" "$name" "$@"
	settle
	node_of "/dev/mapper/$name" >/dev/null
}

luks_add_key() { # REF text|raw FILE NEW-FILE [KEY-ARGUMENT...]
	local ref=$1 form=$2 file=$3 new=$4 node
	shift 4
	node=$(node_of "$ref")
	if cryptsetup open --test-passphrase --type luks --key-file="$new" "$node" 2>/dev/null; then
		note "the key of $new is there"
	else
		luks "$form" "$file" luksAddKey --batch-mode "$@" "$node" "$new"
	fi
}

luks_close() { # REF NAME
	local below
	below=$(luks_below "$2")
	[[ -n $below ]] || return 0
	[[ $below == "$(readlink -f -- "$(node_of "$1")")" ]] || fail 72 "/dev/mapper/$2 is open on $below, which is not of this layout"
	cryptsetup close -- "$2"
	settle
}

# --- mounting ---

target_of() { if [[ $1 == / ]]; then printf '%s' "$ROOT"; else printf '%s' "$ROOT$1"; fi; }

mounted_number() { # TARGET: device number of what is on top there, nothing if it is no mount point
	{ findmnt --noheadings --output MAJ:MIN --mountpoint "$1" || true; } | tail -n 1 | tr -d ' '
}

mount_filesystem() { # REF FORMAT MOUNTPOINT [OPTION...]
	local ref=$1 format=$2 target node have option
	local args=()
	target=$(target_of "$3")
	shift 3
	node=$(node_of "$ref")
	have=$(mounted_number "$target")
	if [[ -n $have ]]; then
		[[ $have == "$(column MAJ:MIN "$node")" ]] || fail 72 "something else is mounted on $target, wanted is $node"
		note "$target is mounted"
		return
	fi
	for option; do args+=(-o "$option"); done
	mount -t "$format" "${args[@]}" -o X-mount.mkdir "$node" "$target"
}

unmount_filesystem() { # REF MOUNTPOINT
	local target node
	target=$(target_of "$2")
	node=$(node_now "$1")
	[[ -n $node && $(mounted_number "$target") == "$(column MAJ:MIN "$node")" ]] || return 0
	umount --recursive -- "$target"
}

# Through a read-only loop device: ext4 clears orphans even of what is mounted with ro,noload.
print_file() { # REF FORMAT FILE: nothing if it is not there
	local node at
	local options=loop,ro,nodev,nosuid,noexec
	[[ $2 != ext4 ]] || options+=,noload
	node=$(node_of "$1")
	at=$(mktemp -d)
	mount -t "$2" -o "$options" "$node" "$at"
	if [[ -f $at$3 ]]; then
		cat -- "$at$3" || note "$3 cannot be read"
	fi
	umount -- "$at"
	rmdir -- "$at"
}

swap_is_on() { # NODE
	local line rest
	while read -r line rest; do
		[[ $line == /* && -n $rest ]] || continue
		if [[ $(readlink -f -- "$line") == "$(readlink -f -- "$1")" ]]; then return 0; fi
	done </proc/swaps
	return 1
}

swap_on() { # REF -|once|pages|both -|PRIORITY OPTIONS
	local node
	local args=()
	node=$(node_of "$1")
	if swap_is_on "$node"; then
		note "swap is on"
		return
	fi
	case $2 in
	-) ;;
	both) args+=(--discard) ;;
	*) args+=(--discard="$2") ;;
	esac
	[[ $3 == - ]] || args+=(--priority="$3")
	[[ -z $4 ]] || args+=(--options="$4")
	swapon "${args[@]}" "$node"
}

swap_off() { # REF
	local node
	node=$(node_now "$1")
	[[ -n $node ]] && swap_is_on "$node" || return 0
	swapoff -- "$node"
}

# --- wiping ---

declare -A OURS=()

dev_of() { printf '/dev/%s' "$(sed -n 's/^DEVNAME=//p' "$1/uevent")"; }

# Everything built on a device, topmost last. A holder must stand on planned disks alone.
gather() { # SYSDIR
	local holder
	OURS[$1]=1
	for holder in "$1"/holders/*; do
		[[ ! -e $holder ]] || gather "$(readlink -f -- "$holder")"
	done
}

# Where a device is mounted, deepest last; one line each. A file system with its own device number (btrfs) is found by its source.
mounts_of() { # SYSDIR
	local table number source target node
	node=$(dev_of "$1")
	table=$(findmnt --noheadings --raw --output MAJ:MIN,SOURCE,TARGET)
	while read -r number source target; do
		source=$(printf '%b' "${source%%\[*}")
		if [[ $number == "$(<"$1/dev")" || ($source == /dev/* && $(readlink -f -- "$source") == "$node") ]]; then
			printf '%b\n' "$target"
		fi
	done <<<"$table" | sort
}

# Refuses before anything is switched off: mounts outside the installation, and devices that also stand on other disks.
check_release() {
	local sys below targets target
	for sys in "${!OURS[@]}"; do
		targets=$(mounts_of "$sys")
		while read -r target; do
			[[ -z $target || $target == "$ROOT" || $target == "$ROOT"/* ]] || fail 72 "$(dev_of "$sys") is mounted on $target"
		done <<<"$targets"
		for below in "$sys"/slaves/*; do
			[[ ! -e $below || -n ${OURS[$(readlink -f -- "$below")]:-} ]] || fail 72 "$(dev_of "$sys") also stands on ${below##*/}, which is not planned"
		done
	done
}

deactivate() { # SYSDIR of a device that nothing stands on
	local node uuid name
	node=$(dev_of "$1")
	if swap_is_on "$node"; then swapoff -- "$node"; fi
	case ${1##*/} in
	dm-*)
		uuid=$(<"$1/dm/uuid")
		name=$(<"$1/dm/name")
		case $uuid in
		CRYPT-*) cryptsetup close -- "$name" ;;
		LVM-*) dmsetup remove --retry "$name" ;;
		*) fail 72 "$name ($uuid) stands on a planned disk and is not known to this script" ;;
		esac
		;;
	md*) mdadm --stop "$node" ;;
	*) fail 72 "$node stands on a planned disk and is not known to this script" ;;
	esac
}

release_disks() { # REF...
	local ref entry sys again holders
	OURS=()
	for ref; do
		gather "${SYS[$ref]}"
		for entry in "${SYS[$ref]}"/*/partition; do
			[[ ! -e $entry ]] || gather "${entry%/*}"
		done
	done
	check_release
	[[ -z $(mounted_number "$ROOT") ]] || umount --recursive -- "$ROOT"
	for sys in "${!OURS[@]}"; do
		entry=$(mounts_of "$sys")
		[[ -z $entry ]] || fail 72 "$(dev_of "$sys") is still mounted on $entry"
	done
	again=yes
	while [[ -n $again ]]; do
		again=
		for sys in "${!OURS[@]}"; do
			if [[ ! -e $sys ]]; then
				unset "OURS[$sys]"
				continue
			fi
			holders=("$sys"/holders/*)
			[[ ! -e ${holders[0]} ]] || continue
			if [[ -e $sys/slaves && -n $(ls -A -- "$sys/slaves") ]]; then
				deactivate "$sys"
			elif swap_is_on "$(dev_of "$sys")"; then
				swapoff -- "$(dev_of "$sys")"
			fi
			unset "OURS[$sys]"
			again=yes
		done
	done
	[[ ${#OURS[@]} -eq 0 ]] || fail 72 "still in use: ${!OURS[*]}"
	settle
}

wipe_disk() { # REF
	local node=${NODE[$1]} entry part size mib=1048576
	for entry in "${SYS[$1]}"/*/partition; do
		[[ -e $entry ]] || continue
		part=$(dev_of "${entry%/*}")
		wipefs --all -- "$part"
		wipefs --all --force -- "$part"
	done
	wipefs --all -- "$node"
	# 2 and 3: sgdisk found a damaged table before it removed it.
	sgdisk --zap-all "$node" || [[ $? -le 3 ]]
	size=$(blockdev --getsize64 "$node")
	dd if=/dev/zero of="$node" bs=$mib count=1 conv=fsync status=none
	dd if=/dev/zero of="$node" bs=512 seek=$(((size - mib) / 512)) count=2048 conv=fsync status=none
	partx --delete -- "$node" >/dev/null 2>&1 || true
	settle
	for entry in "${SYS[$1]}"/*/partition; do
		[[ ! -e $entry ]] || fail 72 "the kernel still has partition $(<"$entry") of ${TITLE[$1]}"
	done
}
