#!/usr/bin/env bash
# Functions for disk scripts. A script of nixos-operator is this text and then one call a line.
#
# Devices are named by reference: d1 (first disk of the layout), d1p2 (its partition 2), a path such as /dev/mapper/NAME, or a partition of what is at a path
# (/dev/md/NAME//1). A disk is looked up once and
# must be the planned one; a partition is looked up by number below its own disk, never by a label that another disk may carry too.
#
# Exit codes: 70 a disk is not the planned one, 71 something else is there, 72 in use, 73 a program or key is missing,
# 74 a device did not appear, 75 not for this mode, 76 a hook of the layout failed; others come from the program that failed.
#
# The unmount script takes the argument no-hooks, for what was opened only to look at it.
set -euo pipefail
set -E
shopt -s inherit_errexit
export LC_ALL=C
umask 077
exec </dev/null

MODE=${1:-}
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
	# 70 to 76 have told why already.
	[[ $BASH_SUBSHELL -gt 0 || ($code -ge 70 && $code -le 76) ]] || printf '::failed %s: exit code %s of: %s\n' "$STEP" "$code" "${2%%[[:space:]]*}" >&2
	exit "$code"
}
trap 'broken $? "$BASH_COMMAND"' ERR

begin() { # NAME [FILE...]: keys that were brought for this script; whatever becomes of it, they are gone at its end
	SCRIPT=$1
	shift
	[[ $# != 0 ]] || return 0
	KEYS=("$@" /run/nixos-operator/keys)
	trap at_end EXIT
}

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

need_key() { # text|raw FILE [OFFSET SIZE]: 0, all that follows
	local key bytes=0 offset=${3:-0} size=${4:-0}
	if [[ -f $2 && -r $2 ]]; then
		bytes=$(stat --dereference --format=%s -- "$2")
	elif [[ -b $2 ]]; then
		[[ $1 == raw && $size != 0 ]] || fail 73 "$2 is a device; a key on one needs settings.keyFile and settings.keyFileSize"
		bytes=$(blockdev --getsize64 "$2")
		dd if="$2" of=/dev/null iflag=skip_bytes,count_bytes skip="$offset" count="$size" status=none || fail 73 "the key on $2 cannot be read"
	fi
	[[ $bytes != 0 ]] || fail 73 "the key file $2 is missing or empty"
	[[ $((bytes - offset)) -ge $((size > 0 ? size : 1)) ]] || fail 73 "the key file $2 has $bytes bytes, wanted are $size from $offset on"
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

disk_at() { # REF NAME DEVICE: whatever whole disk is there
	local node sys other
	node=$(readlink -f -- "$3") || node=
	[[ -b $node ]] || fail 70 "disk $2: $3 is not there"
	for other in "${!NODE[@]}"; do
		[[ ${NODE[$other]} != "$node" ]] || fail 70 "disk $2: $3 is ${TITLE[$other]}, too"
	done
	sys=$(sys_of "$node")
	[[ ! -e $sys/partition ]] || fail 70 "disk $2: $3 is a partition"
	NODE[$1]=$node
	SYS[$1]=$sys
	TITLE[$1]="disk $2 ($node)"
}

disk() { # REF NAME DEVICE SERIAL WWN BYTES: the planned one
	local serial wwn bytes
	disk_at "$1" "$2" "$3"
	serial=$(serial_of "${NODE[$1]}" "${SYS[$1]}")
	wwn=$(column WWN "${NODE[$1]}")
	wwn=${wwn,,}
	bytes=$(column SIZE "${NODE[$1]}")
	[[ $serial == "$4" ]] || fail 70 "disk $2: $3 has the serial '$serial', planned was '$4'"
	[[ $wwn == "$5" ]] || fail 70 "disk $2: $3 has the wwn '$wwn', planned was '$5'"
	[[ $bytes == "$6" ]] || fail 70 "disk $2: $3 has $bytes bytes, planned were $6"
}

settle() { # after something was made or opened
	command -v udevadm >/dev/null || return 0
	udevadm trigger --subsystem-match=block || true
	await_udev
}

await_udev() { # after something was closed: to trigger udev would have it assemble again what was stopped
	command -v udevadm >/dev/null || return 0
	udevadm settle --timeout=60 || note "udev was not ready after 60 s"
}

tell_kernel() { # NODE: it takes over a changed table, also beside partitions in use
	partx --update -- "$1" >/dev/null 2>&1 || partprobe "$1" >/dev/null 2>&1 || true
}

reread() { # NODE
	tell_kernel "$1"
	settle
}

LOCK=

# udev would assemble and activate what an older table left in the place of a new partition. It lets a locked disk alone
# (https://systemd.io/BLOCK_DEVICE_LOCKING), so nothing between lock and unlock may wait for udev; libparted does.
lock() { # NODE of a whole disk
	exec {LOCK}<"$1"
	flock --timeout 60 "$LOCK" || fail 72 "$1 is locked by another program"
}

unlock() {
	exec {LOCK}<&-
	settle
}

node_now() { # REF: prints the node, or nothing if it is not there (yet)
	case $1 in
	-) ;;
	/dev/*//*) [[ ! -b ${1%//*} ]] || partition_now "$(sys_of "${1%//*}")" "${1##*//}" ;;
	/dev/*) [[ ! -b $1 ]] || printf '%s' "$1" ;;
	d*p*) partition_now "${SYS[${1%%p*}]}" "${1#*p}" ;;
	*) printf '%s' "${NODE[$1]}" ;;
	esac
}

partition_now() { # SYSDIR NUMBER
	local entry
	for entry in "$1"/*/partition; do
		if [[ -r $entry && $(<"$entry") == "$2" ]]; then
			entry=/dev/$(sed -n 's/^DEVNAME=//p' "${entry%/*}/uevent")
			[[ ! -b $entry ]] || printf '%s' "$entry"
		fi
	done
}

partition_ref() { if [[ $1 == /* ]]; then printf '%s//%s' "$1" "$2"; else printf '%sp%s' "$1" "$2"; fi; }

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

# The author's own code, in a shell of its own: nothing of this script reaches it but the node and the options.
hook() { # REF VARIABLES BASH
	local device code=0
	if [[ $MODE == no-hooks ]]; then
		note "left out: this was only a look"
		return
	fi
	device=$(node_now "$1")
	(umask 022 && device=$device exec bash -efu <(printf '%s\n' "$2" "$3")) || code=$?
	[[ $code == 0 ]] || fail 76 "the hook ended with exit code $code"
}

# --- partition table ---

# Of a table that wipefs took the magic from, sgdisk still reads the rest, and stumbles.
zero_ends() { # NODE
	local size mib=1048576
	size=$(blockdev --getsize64 "$1")
	dd if=/dev/zero of="$1" bs=$mib count=1 conv=fsync status=none
	dd if=/dev/zero of="$1" bs=512 seek=$(((size - mib) / 512)) count=2048 conv=fsync status=none
	partx --delete -- "$1" >/dev/null 2>&1 || true
}

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
	*) fail 71 "${TITLE[$1]:-$1} holds $found; wanted is a GPT or nothing" ;;
	esac
}

info_line() { sed -n "s/^$2: //p" <<<"$1"; }

# Of the usual ones; the others are asked for once: sgdisk sleeps a second after each write.
declare -A TYPE_GUIDS=(
	[8200]=0657FD6D-A4AB-43C4-84E5-0933C84B4F4F
	[8300]=0FC63DAF-8483-4772-8E79-3D69D8477DE4
	[EF00]=C12A7328-F81F-11D2-BA4B-00A0C93EC93B
	[EF02]=21686148-6449-6E6F-744E-656564454649
)

know_type() { # CODE: as sgdisk understands it, from a table in a scratch file, or a GUID
	local scratch
	if [[ $1 == *-* ]]; then TYPE_GUIDS[$1]=${1^^}; fi
	[[ -z ${TYPE_GUIDS[$1]:-} ]] || return 0
	scratch=$(mktemp)
	truncate --size=4M "$scratch"
	sgdisk --clear --new=1:0:0 --typecode=1:"$1" "$scratch" >/dev/null
	TYPE_GUIDS[$1]=$(sgdisk --info=1 "$scratch" | sed -n 's/^Partition GUID code: \([0-9A-F-]*\).*/\1/p')
	rm -f -- "$scratch"
}

# The name of a new partition until it is blank. A crash before that leaves this name, and the next run goes on from there; with its
# own name whatever an older table left in this place, which is nobody's, would pass as made by this layout.
NOT_BLANK=nixos-operator-not-blank

name_in() { # INFO of sgdisk
	local name
	name=$(info_line "$1" 'Partition name')
	name=${name#\'}
	printf '%s' "${name%\'}"
}

in_place() { # NODE START BYTES: the kernel may still go by an older table, and write elsewhere than this one says
	local sys
	sys=$(sys_of "$1")
	[[ $(<"$sys/start") == $(($2 / 512)) && $(<"$sys/size") == $(($3 / 512)) ]] || fail 72 "the kernel still goes by an older table: it has $1 at $(<"$sys/start"), $(<"$sys/size") sectors of 512 bytes; the table says $(($2 / 512)), $(($3 / 512))"
}

gpt_in_place() { # NODE INFO SECTOR
	local start sectors
	start=$(info_line "$2" 'First sector')
	sectors=$(info_line "$2" 'Partition size')
	in_place "$1" $((${start%% *} * $3)) $((${sectors%% *} * $3))
}

gpt_partition() { # REF NUMBER LABEL LINK TYPE GUID START END ALIGNMENT BYTES|SECTORSs ATTRIBUTES [BIT...]
	local disk=$1 n=$2 label=$3 link=$4 type=$5 guid=${6^^} start=$7 end=$8 align=$9 bytes=${10} mask=${11}
	local node info sector slack what bit part args=()
	shift 11
	node=$(node_of "$disk")
	sector=$(blockdev --getss "$node")
	if [[ $bytes == *s ]]; then bytes=$((${bytes%s} * sector)); fi
	# Alignment of both ends moves the size by less: that of sgdisk is 1 MiB.
	slack=$((2 * align * sector))
	if [[ $slack -lt 2097152 ]]; then slack=2097152; fi
	what="${TITLE[$disk]:-$disk} partition $n"
	know_type "$type"
	type=${TYPE_GUIDS[$type]}
	info=$(sgdisk --info="$n" "$node")
	if [[ $info == *'does not exist'* ]]; then
		args+=(--align-end)
		[[ $align == 0 ]] || args+=(--set-alignment="$align")
		args+=(--new="$n:$start:$end" --partition-guid="$n:$guid" --change-name="$n:$NOT_BLANK" --typecode="$n:$type" --attributes="$n:=:0")
		for bit; do args+=(--attributes="$n:set:$bit"); done
	fi
	if [[ ${#args[@]} == 0 && $(name_in "$info") != "$NOT_BLANK" ]]; then
		note "partition $n is there"
	else
		lock "$node"
		[[ ${#args[@]} == 0 ]] || sgdisk "${args[@]}" "$node"
		info=$(sgdisk --info="$n" "$node")
		gpt_compare "$what" "$info" "$NOT_BLANK" "$type" "$guid" "$bytes" "$mask" "$sector" "$slack"
		tell_kernel "$node"
		part=$(node_of "$(partition_ref "$disk" "$n")")
		gpt_in_place "$part" "$info" "$sector"
		wipefs --all --force -- "$part"
		sgdisk --change-name="$n:$label" "$node"
		unlock
		info=$(sgdisk --info="$n" "$node")
	fi
	gpt_compare "$what" "$info" "$label" "$type" "$guid" "$bytes" "$mask" "$sector" "$slack"
	part=$(node_of "$(partition_ref "$disk" "$n")")
	gpt_in_place "$part" "$info" "$sector"
	by_label "$part" "$link"
}

gpt_compare() { # WHAT INFO LABEL TYPE GUID BYTES ATTRIBUTES SECTOR SLACK
	local name type guid sectors have mask
	name=$(name_in "$2")
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
	[[ $6 == 0 || ($have -le $(($6 + $9)) && $have -ge $(($6 - $9))) ]] || fail 71 "$1 has $have bytes, wanted are $6"
}

parted_table() { # REF gpt|msdos
	local node found
	node=$(node_of "$1")
	found=$(signatures "$node")
	case $2:$found in
	*:)
		parted --script "$node" -- mklabel "$2"
		reread "$node"
		;;
	gpt:'PMBR gpt' | gpt:gpt | msdos:dos) note "the table is there" ;;
	*) fail 71 "${TITLE[$1]:-$1} holds $found; wanted is a table of the kind $2 or nothing" ;;
	esac
}

parted_info() { # NODE NUMBER: START:END:FLAGS in bytes, nothing if it is not there
	parted --script --machine "$1" unit B print | sed -n "s/^$2:\([0-9]*\)B:\([0-9]*\)B:[^:]*:[^:]*:.*:\([^:]*\);\$/\1:\2:\3/p"
}

parted_place() { # TEXT BYTES SECTOR: where that is on so many bytes, and how far from there parted may put it
	local number=${1#-} total=$2 unit fraction='' factor place
	unit=${number##*[0-9]}
	number=${number%"$unit"}
	[[ $number != *.* ]] || fraction=${number#*.}
	fraction=${fraction}000
	number=$((10#${number%%.*}))
	fraction=$((10#${fraction:0:3}))
	case $unit in
	%) factor=$((total / 100)) ;;
	s) factor=$3 ;;
	B) factor=1 ;;
	[kK] | [kK]B) factor=1000 ;;
	'' | M | MB) factor=1000000 ;;
	G | GB) factor=1000000000 ;;
	T | TB) factor=1000000000000 ;;
	[kK]iB) factor=1024 ;;
	MiB) factor=1048576 ;;
	GiB) factor=1073741824 ;;
	TiB) factor=1099511627776 ;;
	esac
	place=$((number * factor + fraction * factor / 1000))
	[[ $1 != -* ]] || place=$((total - place))
	[[ $factor -le $((total / 100)) ]] || factor=$((total / 100))
	printf '%s %s' "$place" "$((factor + 2097152))"
}

parted_partition() { # REF gpt|msdos NUMBER NAME|KIND -|FS-TYPE START END [FLAG...]
	local disk=$1 format=$2 n=$3 name=$4 first=$4 node part info flag what fresh=''
	local args=()
	node=$(node_of "$disk")
	what="${TITLE[$disk]:-$disk} partition $n"
	# An MBR has no names: there a crash before it is blank leaves what was there.
	if [[ $format == gpt ]]; then first=$NOT_BLANK; fi
	info=$(parted_info "$node" "$n")
	if [[ -z $info ]]; then
		args=("$first")
		[[ $5 == - ]] || args+=("$5")
		parted --script "$node" -- mkpart "${args[@]}" "$6" "$7"
		[[ -n $(parted_info "$node" "$n") ]] || fail 71 "${TITLE[$disk]:-$disk}: the new partition did not get the number $n"
		fresh=yes
	elif [[ $format == gpt && $(name_in "$(sgdisk --info="$n" "$node")") == "$NOT_BLANK" ]]; then
		fresh=yes
	fi
	if [[ -n $fresh ]]; then
		for flag in "${@:8}"; do parted --script "$node" -- set "$n" "$flag" on; done
		reread "$node"
		info=$(parted_info "$node" "$n")
		parted_compare "$what" "$node" "$info" "$format" "$n" "$first" "${@:6}"
	else
		parted_compare "$what" "$node" "$info" "$format" "$n" "$name" "${@:6}"
		note "partition $n is there"
	fi
	# The kernel shows an extended one as a sector or two.
	[[ $name != extended || $format == gpt ]] || return 0
	part=$(node_of "$(partition_ref "$disk" "$n")")
	parted_in_place "$part" "$info"
	[[ -n $fresh ]] || return 0
	wipefs --all --force -- "$part"
	[[ $format == msdos ]] || sgdisk --change-name="$n:$name" "$node"
	settle
}

parted_in_place() { # NODE INFO
	local start end
	IFS=: read -r start end _ <<<"$2"
	in_place "$1" "$start" $((end - start + 1))
}

parted_compare() { # WHAT NODE INFO gpt|msdos NUMBER NAME|KIND START END [FLAG...]
	local what=$1 node=$2 start end flags have text place slack total sector
	IFS=: read -r start end flags <<<"$3"
	total=$(blockdev --getsize64 "$node")
	sector=$(blockdev --getss "$node")
	if [[ $4 == gpt ]]; then
		have=$(name_in "$(sgdisk --info="$5" "$node")")
		[[ $have == "$6" ]] || fail 71 "$what is named '$have', wanted is '$6'"
	else
		have=$(sfdisk --part-type "$node" "$5" | tr -d ' ')
		case $6:$have in
		extended:5 | extended:f | extended:85) ;;
		extended:* | *:5 | *:f | *:85) fail 71 "$what has the type $have, wanted is a $6 one" ;;
		esac
	fi
	text=$7
	for have in "$start" "$((end + 1))"; do
		read -r place slack <<<"$(parted_place "$text" "$total" "$sector")"
		[[ $have -ge $((place - slack)) && $have -le $((place + slack)) ]] || fail 71 "$what begins or ends at byte $have, wanted is $text"
		text=$8
	done
	for have in "${@:9}"; do
		[[ " ${flags//,/} " == *" $have "* ]] || fail 71 "$what has the flags '$flags', wanted is also $have"
	done
}

mbr_entries() { # NODE: SLOT START SIZE TYPE [bootable] of each entry but the one that protects the GPT
	local found line slot=0
	found=$(sfdisk --label-nested dos --dump "$1" 2>/dev/null | sed -n 's/^.*: start= *\([0-9]*\), size= *\([0-9]*\), type=\([0-9a-f]*\),* *\(.*\)$/\1 \2 \3 \4/p')
	while read -r line; do
		slot=$((slot + 1))
		[[ -z $line || $line == *' ee' ]] || printf '%s %s\n' "$slot" "$line"
	done <<<"$found"
}

# The MBR of a GPT that shows some partitions too. disko takes the number in the GPT for the one in the MBR, and damages the protective entry.
gpt_hybrid() { # REF first|last NUMBER:TYPE|-:active|- ...: where the protective entry stands, and what is shown
	local disk=$1 place=$2 node entry slot type active list=''
	shift 2
	node=$(node_of "$disk")
	if [[ -z $(mbr_entries "$node") ]]; then
		for entry; do list+=${list:+:}${entry%%:*}; done
		slot=1
		if [[ $place == last ]]; then
			slot=0
			list+=:EE
		fi
		sgdisk --hybrid="$list" "$node"
		for entry; do
			slot=$((slot + 1))
			IFS=: read -r _ type active <<<"$entry"
			[[ $type == - ]] || sfdisk --label-nested dos --part-type "$node" "$slot" "$type"
			[[ $active == - ]] || sfdisk --label-nested dos --activate "$node" "$slot"
		done
		reread "$node"
	fi
	compare_hybrid "${TITLE[$disk]:-$disk}" "$node" "$place" "$@"
}

compare_hybrid() { # WHAT NODE first|last ENTRY...
	local what=$1 node=$2 slot=1 entry number type active info have at start size have_type flag
	[[ $3 == first ]] || slot=0
	shift 3
	mapfile -t have <<<"$(mbr_entries "$node")"
	[[ ${#have[@]} == "$#" ]] || fail 71 "$what: the MBR shows ${#have[@]} partitions, wanted are $#"
	for entry in "${have[@]}"; do
		read -r at start size have_type flag <<<"$entry"
		IFS=: read -r number type active <<<"$1"
		shift
		slot=$((slot + 1))
		info=$(sgdisk --info="$number" "$node")
		[[ $at == "$slot" && $(info_line "$info" 'First sector') == "$start "* && $(info_line "$info" 'Partition size') == "$size "* ]] || fail 71 "$what: the MBR does not show partition $number as its entry $slot"
		[[ $type == - || $type == "$have_type" ]] || fail 71 "$what: the MBR shows partition $number with the type $have_type, wanted is $type"
		[[ ${active/active/bootable} == "${flag:--}" ]] || fail 71 "$what: in the MBR partition $number is marked ${flag:--}, wanted is $active"
	done
}

by_label() { # NODE LINK: NixOS will look for this link (of a label, where it is no path); it must lead here
	local link=$2 end=$((SECONDS + WAIT))
	[[ $link == /* ]] || link=/dev/disk/by-partlabel/$link
	command -v udevadm >/dev/null || return 0
	until [[ -e $link || $SECONDS -ge $end ]]; do sleep 0.2; done
	[[ -e $link ]] || fail 74 "$link did not appear within $WAIT s"
	[[ $(readlink -f -- "$link") == "$1" ]] || fail 71 "$link leads to $(readlink -f -- "$link") and not to $1: another disk has a partition of the same name"
}

AT=
KEYS=()

at_end() {
	leave
	[[ ${#KEYS[@]} == 0 ]] || rm -f -- "${KEYS[@]}"
}

enter() { # ARGUMENT... of mount, but where: it is mounted at $AT, until leave or the end of the script
	AT=$(mktemp -d)
	trap at_end EXIT
	mount "$@" "$AT"
}

leave() {
	[[ -n $AT ]] || return 0
	if mountpoint --quiet -- "$AT"; then umount -- "$AT" || true; fi
	rmdir -- "$AT"
	AT=
}

print_below() { # DIRECTORY FILE: nothing if it is not there
	[[ -f $1$2 ]] || return 0
	cat -- "$1$2" || note "$2 cannot be read"
}

preserved() { # REF
	[[ -n $(node_now "$1") ]] || fail 71 "$1 is to be preserved, and is not there"
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
	# The boot sector of exfat and ntfs looks like a partition table too.
	"$format" | "dos $format") note "$format is there" ;;
	*) fail 71 "$node holds $found; wanted is $format or nothing" ;;
	esac
}

# --- btrfs ---

stands_on_planned() { # SYSDIR: all that is below it are disks of this script
	local known below found=''
	for known in "${SYS[@]}"; do
		[[ $1 != "$known" && $1 != "$known"/* ]] || return 0
	done
	for below in "$1"/slaves/*; do
		[[ -e $below ]] || return 1
		stands_on_planned "$(readlink -f -- "$below")" || return 1
		found=yes
	done
	[[ -n $found ]]
}

uuid_on() { blkid -p -o value -s UUID -- "$1"; }

make_btrfs() { # REF [ARGUMENT...]: an argument with a slash is a further device
	local ref=$1 node found word member
	local members=()
	shift
	node=$(node_of "$ref")
	for word; do
		[[ $word == */* ]] || continue
		member=$(node_of "$word")
		stands_on_planned "$(sys_of "$member")" || fail 70 "$word is not on a planned disk"
		members+=("$member")
	done
	found=$(signatures "$node")
	case $found in
	'')
		for member in "${members[@]}"; do
			found=$(signatures "$member")
			[[ -z $found ]] || fail 71 "$member holds $found; wanted is nothing or the btrfs of $node"
		done
		mkfs.btrfs "$node" "$@"
		settle
		;;
	btrfs)
		note "btrfs is there"
		for member in "${members[@]}"; do
			found=$(signatures "$member")
			[[ $found == btrfs && $(uuid_on "$member") == "$(uuid_on "$node")" ]] || fail 71 "$member holds ${found:-nothing}; wanted is a device of the btrfs of $node"
		done
		;;
	*) fail 71 "$node holds $found; wanted is btrfs or nothing" ;;
	esac
}

open_btrfs() { # REF [OPTION...]: the whole of it at $AT, until leave or the end
	local node option
	local args=()
	node=$(node_of "$1")
	shift
	for option; do args+=(-o "$option"); done
	enter -t btrfs -o subvol=/ "${args[@]}" "$node"
}

make_subvolume() { # REF PATH [OPTION...] -- [ARGUMENT...]
	local ref=$1 path=$2
	local mounting=()
	shift 2
	while [[ $1 != -- ]]; do
		mounting+=("$1")
		shift
	done
	shift
	open_btrfs "$ref" "${mounting[@]}"
	if [[ ! -e $AT/$path ]]; then
		(umask 022 && mkdir -p -- "$(dirname -- "$AT/$path")" && btrfs subvolume create "$@" "$AT/$path")
	elif btrfs subvolume show "$AT/$path" >/dev/null 2>&1; then
		note "subvolume $path is there"
	else
		fail 71 "$path in the btrfs of $(node_of "$ref") is there, but no subvolume"
	fi
	leave
}

make_swap_file() { # REF PATH SIZE BYTES [OPTION...]
	local ref=$1 path=$2 size=$3 bytes=$4 have
	shift 4
	open_btrfs "$ref" "$@"
	if [[ ! -e $AT/$path ]]; then
		(umask 022 && mkdir -p -- "$(dirname -- "$AT/$path")")
		btrfs filesystem mkswapfile --size "$size" "$AT/$path"
	else
		have=$(stat --format=%s -- "$AT/$path")
		[[ $have == "$bytes" ]] || fail 71 "the swap file $path has $have bytes, wanted are $bytes"
		note "swap file $path is there"
	fi
	leave
}

# --- swap ---

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

# What was opened for a look stays so until the unmount script ran; a file system on it would be mounted for reading alone.
is_writable() { [[ $(blockdev --getro "$1") == 0 ]]; } # NODE

luks_open() { # REF text|raw FILE NAME [ARGUMENT...]
	local ref=$1 form=$2 file=$3 name=$4 node below
	shift 4
	node=$(node_of "$ref")
	below=$(luks_below "$name")
	if [[ -n $below ]]; then
		[[ $below == "$(readlink -f -- "$node")" ]] || fail 72 "/dev/mapper/$name is open on $below, wanted is $node"
		if [[ " $* " == *' --readonly '* ]] || is_writable "/dev/mapper/$name"; then
			note "$name is open"
			return
		fi
		cryptsetup close -- "$name" || fail 72 "/dev/mapper/$name is open for reading alone, and in use"
		await_udev
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
	await_udev
}

# --- md: an array is assembled of exactly its members ---

dev_of() { printf '/dev/%s' "$(sed -n 's/^DEVNAME=//p' "$1/uevent")"; }

slaves_of() { # SYSDIR: the nodes that a device stands on, sorted, one a line
	local below node
	for below in "$1"/slaves/*; do
		[[ -e $below ]] || continue
		node=$(dev_of "$(readlink -f -- "$below")")
		printf '%s\n' "$node"
	done | sort
}

nodes_of() { # REF...: the kernel's nodes, in the order of the references, one a line
	local ref node
	for ref; do
		node=$(node_of "$ref")
		readlink -f -- "$node"
	done
}

array_runs() { # NAME NODES: on exactly these
	local have
	[[ -b /dev/md/$1 ]] || return 1
	have=$(slaves_of "$(sys_of "/dev/md/$1")")
	[[ -n $have ]] || return 1
	[[ $have == "$(sort <<<"$2")" ]] || fail 72 "/dev/md/$1 stands on ${have//$'\n'/, }; wanted are ${2//$'\n'/, }"
}

# udev assembles what it finds, under a name of its own or only in part: that holds the members, and nothing uses it yet.
stop_other_arrays() { # NODES
	local node holder below
	while read -r node; do
		for holder in "$(sys_of "$node")"/holders/md*; do
			[[ -e $holder ]] || continue
			holder=$(readlink -f -- "$holder")
			while read -r below; do
				[[ $'\n'$1$'\n' == *$'\n'$below$'\n'* ]] || fail 72 "$(dev_of "$holder") stands on $node and on $below, which is not of this array"
			done <<<"$(slaves_of "$holder")"
			mdadm --stop "$(dev_of "$holder")"
		done
	done <<<"$1"
}

assemble_array() { # NAME NODES [ARGUMENT...]
	local name=$1 nodes=$2 node uuid other
	shift 2
	uuid=
	while read -r node; do
		other=$(signatures "$node")
		# With the metadata at the end what is on the array is seen, too.
		[[ $other == *_raid_member* ]] || fail 71 "$node holds ${other:-nothing}; wanted is a member of the array $name"
		other=$(uuid_on "$node")
		[[ -z $uuid || $other == "$uuid" ]] || fail 71 "$node is a member of another array than $(head -n 1 <<<"$nodes")"
		uuid=$other
	done <<<"$nodes"
	stop_other_arrays "$nodes"
	mapfile -t nodes <<<"$nodes"
	mdadm --assemble "/dev/md/$name" --homehost=any "$@" "${nodes[@]}"
	settle
}

make_array() { # NAME LEVEL METADATA REF... -- [ARGUMENT...]
	local name=$1 level=$2 metadata=$3 nodes node found blank=0
	local refs=() members=()
	shift 3
	while [[ $1 != -- ]]; do
		refs+=("$1")
		shift
	done
	shift
	nodes=$(nodes_of "${refs[@]}")
	mapfile -t members <<<"$nodes"
	if array_runs "$name" "$nodes"; then
		array_writable "$name"
		note "the array is there"
	else
		for node in "${members[@]}"; do
			found=$(signatures "$node")
			[[ -n $found ]] || blank=$((blank + 1))
		done
		if [[ $blank == "${#members[@]}" ]]; then
			mdadm --create "/dev/md/$name" --run --force --homehost=any --level="$level" --metadata="$metadata" --raid-devices="$blank" "$@" "${members[@]}"
			# What the members held before they were partitions shows through. At once: udev does not heed locks of arrays.
			node=$(node_of "/dev/md/$name")
			wipefs --all --force -- "$node"
			zero_ends "$node"
			settle
		else
			assemble_array "$name" "$nodes"
			note "the array is there"
		fi
	fi
	node_of "/dev/md/$name" >/dev/null
	found=$(<"$(sys_of "/dev/md/$name")/md/level")
	[[ $found == "raid$level" ]] || fail 71 "the array $name is of the kind $found, wanted is raid$level"
}

array_writable() { is_writable "/dev/md/$1" || mdadm --readwrite "/dev/md/$1"; } # NAME

array_on() { # NAME -|readonly REF...
	local name=$1 how=$2 nodes
	local args=()
	shift 2
	nodes=$(nodes_of "$@")
	if array_runs "$name" "$nodes"; then
		[[ $how == readonly ]] || array_writable "$name"
		note "the array $name runs"
		return
	fi
	[[ $how == - ]] || args+=("--$how")
	assemble_array "$name" "$nodes" "${args[@]}"
	node_of "/dev/md/$name" >/dev/null
}

see_array() { # NAME REF...: fails where it does not run on exactly these, each of them well
	local nodes degraded
	nodes=$(nodes_of "${@:2}")
	array_runs "$1" "$nodes" || fail 71 "the array $1 does not run"
	degraded=$(sys_of "/dev/md/$1")/md/degraded
	[[ ! -e $degraded || $(<"$degraded") == 0 ]] || fail 71 "the array $1 is degraded"
}

array_off() { # NAME REF...
	local name=$1 ref node nodes=''
	shift
	[[ -b /dev/md/$name ]] || return 0
	for ref; do
		node=$(node_now "$ref")
		[[ -n $node ]] || return 0
		nodes+=${nodes:+$'\n'}$(readlink -f -- "$node")
	done
	if array_runs "$name" "$nodes"; then
		mdadm --stop "/dev/md/$name"
		await_udev
		stop_other_arrays "$nodes"
	fi
}

# --- LVM: it is shown the members and no other device ---

declare -A PVS=()

LVM_CONFIG='activation{monitoring=0}'

lvm_in() { # GROUP COMMAND ARGUMENT...
	"$2" --devices "${PVS[$1]}" --config "$LVM_CONFIG" "${@:3}"
}

make_pv() { # REF GROUP
	local node found group
	node=$(nodes_of "$1")
	PVS[$2]=$node
	found=$(signatures "$node")
	case $found in
	'')
		lvm_in "$2" pvcreate -- "$node"
		settle
		;;
	LVM2_member)
		group=$(lvm_in "$2" pvs --noheadings --options vg_name -- "$node" | tr -d ' ')
		[[ -z $group || $group == "$2" ]] || fail 71 "$node belongs to the volume group $group, wanted is $2"
		note "the physical volume is there"
		;;
	*) fail 71 "$node holds $found; wanted is a physical volume or nothing" ;;
	esac
}

group_of() { # GROUP REF...: LVM sees these from now on; fails where one is missing
	local nodes
	nodes=$(nodes_of "${@:2}")
	PVS[$1]=${nodes//$'\n'/,}
}

members_in() { # GROUP: how many of the devices belong to it
	local all
	all=$(lvm_in "$1" pvs --noheadings --options vg_name)
	tr -d ' ' <<<"$all" | grep -cFx -- "$1" || true
}

make_vg() { # NAME REF...
	local name=$1 have all
	group_of "$@"
	shift
	have=$(members_in "$name")
	if [[ $have == 0 ]]; then
		all=$(vgs --noheadings --options vg_name)
		[[ $'\n'${all//[[:blank:]]/}$'\n' != *$'\n'$name$'\n'* ]] || fail 71 "there is a volume group $name on other devices"
		IFS=, read -ra all <<<"${PVS[$name]}"
		lvm_in "$name" vgcreate -- "$name" "${all[@]}"
		settle
	elif [[ $have == "$#" ]]; then
		note "the volume group is there"
		activate_group "$name"
	else
		fail 71 "the volume group $name stands on $have of the $# devices ${PVS[$name]}; wanted are all"
	fi
}

activate_group() { # GROUP: for writing
	local all
	# R: activated for reading alone, though it may be written.
	all=$(lvm_in "$1" lvs --noheadings --options lv_attr -- "$1")
	if grep -q '^ *.R' <<<"$all"; then
		lvm_in "$1" vgchange --activate n -- "$1" || fail 72 "the volume group $1 is active for reading alone, and in use"
	fi
	lvm_in "$1" vgchange --activate y -- "$1"
	settle
}

lv_now() { # GROUP NAME: KIND BYTES, nothing if it is not there
	local all name kind bytes
	all=$(lvm_in "$1" lvs --noheadings --units b --nosuffix --options lv_name,segtype,lv_size -- "$1")
	while read -r name kind bytes; do
		if [[ $name == "$2" ]]; then printf '%s %s' "$kind" "$bytes"; fi
	done <<<"$all"
}

make_lv() { # GROUP NAME SIZE BYTES KIND|- POOL|- [ARGUMENT...]: -, its kind follows from the arguments
	local group=$1 name=$2 size=$3 bytes=$4 kind=$5 pool=$6 have
	local args=()
	shift 6
	have=$(lv_now "$group" "$name")
	if [[ -z $have ]]; then
		case $kind:$size in
		thinlv:*) args+=(--type thin --thinpool "$pool" --virtualsize "$size") ;;
		*:*%*) args+=(--extents "$size") ;;
		*) args+=(--size "$size") ;;
		esac
		# lvcreate makes a linear one of none; beside one it takes no -i, and no other --type.
		case $kind in
		thinlv | linear | -) ;;
		*) args+=(--type "$kind") ;;
		esac
		# It wipes what it makes before udev may look at it, whatever lvm.conf says.
		LVM_CONFIG+=' allocation{wipe_signatures_when_zeroing_new_lvs=1}' lvm_in "$group" lvcreate --yes --name "$name" "${args[@]}" "$@" -- "$group"
		settle
		# What an older volume left in this place is nobody's.
		[[ $kind == thin* ]] || wipefs --all --force -- "$(node_of "/dev/$group/$name")"
		return
	fi
	case $kind:${have% *} in
	-:* | linear:linear | linear:striped | mirror:mirror | raid[0-6]:"$kind" | raid[0-6]:"${kind}_"* | thinlv:thin | thin-pool:thin-pool) ;;
	*) fail 71 "the logical volume $name is of the kind ${have% *}, wanted is $kind" ;;
	esac
	# Rounded up to whole extents, by stripes.
	[[ $bytes == 0 || (${have#* } -ge $bytes && ${have#* } -le $((bytes + 268435456))) ]] || fail 71 "the logical volume $name has ${have#* } bytes, wanted are $bytes"
	note "the logical volume is there"
}

vg_on() { # NAME -|readonly REF...
	local name=$1 how=$2
	local LVM_CONFIG=$LVM_CONFIG
	shift 2
	group_of "$name" "$@"
	[[ $(members_in "$name") == "$#" ]] || fail 71 "the devices ${PVS[$name]} are not all in the volume group $name"
	if [[ $how == - ]]; then
		activate_group "$name"
	else
		LVM_CONFIG="activation{monitoring=0 read_only_volume_list=[\"$name\"]}"
		lvm_in "$name" vgchange --activate y -- "$name"
		settle
	fi
}

vg_off() { # NAME REF...
	local name=$1 ref node
	shift
	PVS[$name]=
	for ref; do
		node=$(node_now "$ref")
		[[ -n $node ]] || return 0
		PVS[$name]+=${PVS[$name]:+,}$(readlink -f -- "$node")
	done
	if [[ $(members_in "$name") != 0 ]]; then lvm_in "$name" vgchange --activate n -- "$name"; fi
}

# --- ZFS: a pool is made, found and imported on exactly its members ---

POOLS_SEEN=''

read_pools() { # the devices of all imported pools: POOL<TAB>NODE, a line each; names may have blanks
	local name node names devices
	POOLS_SEEN=
	[[ -d /sys/module/zfs ]] || return 0
	need zpool zfs
	names=$(zpool list -H -o name) || fail 72 "zpool cannot tell which pools are imported"
	while IFS= read -r name; do
		[[ -n $name ]] || continue
		devices=$(zpool list -v -H -P -L "$name") || fail 72 "zpool cannot tell the devices of the pool $name"
		while read -r node; do
			[[ $node != /dev/* ]] || POOLS_SEEN+=$name$'\t'$(readlink -f -- "$node")$'\n'
		done <<<"${devices//$'\t'/$'\n'}"
	done <<<"$names"
}

pool_devices() { # POOL: sorted, a line each
	local name node
	while IFS=$'\t' read -r name node; do
		[[ $name != "$1" ]] || printf '%s\n' "$node"
	done <<<"$POOLS_SEEN" | sort
}

# Of a whole disk ZFS takes the first of two partitions that it makes. On a spare or a cache its type alone tells.
ZFS_TYPE=6A898CC3-1DD2-11B2-99A6-080020736631

pool_device() { # NODE: where its part of a pool is or would be
	local part=''
	if [[ $(signatures "$1") == *gpt ]]; then part=$(partition_now "$(sys_of "$1")" 1); fi
	if [[ -n $part && ($(signatures "$part") == zfs_member || $(sgdisk --info=1 "$1") == *"code: $ZFS_TYPE"*) ]]; then
		printf '%s' "$part"
	else
		printf '%s' "$1"
	fi
}

pool_runs() { # NAME NODES: it is imported, on exactly these
	local node have wanted=''
	read_pools
	have=$(pool_devices "$1")
	[[ -n $have ]] || return 1
	while read -r node; do wanted+=$(pool_device "$node")$'\n'; done <<<"$2"
	wanted=$(sort <<<"${wanted%$'\n'}")
	[[ $have == "$wanted" ]] || fail 72 "the pool $1 stands on ${have//$'\n'/, }; wanted are ${wanted//$'\n'/, }"
}

import_pool() { # NAME NODES [ARGUMENT...]: also if another system used it last, for these are the planned disks
	local name=$1 nodes=$2 node found uuid=''
	local args=()
	shift 2
	while read -r node; do
		node=$(pool_device "$node")
		found=$(signatures "$node")
		# Spares and caches need not carry what libblkid looks for.
		[[ -z $found || $found == zfs_member ]] || fail 71 "$node holds $found; wanted is a member of the pool $name"
		args+=(-d "$node")
		[[ $found == zfs_member ]] || continue
		found=$(blkid -p -o value -s LABEL -- "$node")
		[[ -z $found || $found == "$name" ]] || fail 71 "$node is a member of the pool $found, wanted is $name"
		found=$(uuid_on "$node")
		[[ -z $uuid || -z $found || $found == "$uuid" ]] || fail 71 "$node is a member of another pool $name than the other devices"
		uuid=${uuid:-$found}
	done <<<"$nodes"
	zpool import -N -f -R "$ROOT" "$@" "${args[@]}" "${uuid:-$name}"
	settle
	pool_runs "$name" "$nodes" || fail 71 "the pool $name is not there after its import"
}

make_pool() { # NAME [-o|-O PROPERTY=VALUE]... -- WORD|REF...
	local name=$1 word node nodes='' found blank=yes
	local properties=() words=()
	shift
	while [[ $1 != -- ]]; do
		properties+=("$1")
		shift
	done
	shift
	for word; do
		case $word in
		mirror | raidz | raidz[123] | spare | log | dedup | special | cache) ;;
		*)
			node=$(node_of "$word")
			word=$(readlink -f -- "$node")
			nodes+=${nodes:+$'\n'}$word
			;;
		esac
		words+=("$word")
	done
	if pool_runs "$name" "$nodes"; then
		note "the pool is there"
		return
	fi
	while read -r node; do
		# Of the whole: a blank partition of ZFS' type makes no blank disk.
		found=$(signatures "$node")
		[[ -z $found ]] || blank=
	done <<<"$nodes"
	if [[ -z $blank ]]; then
		import_pool "$name" "$nodes"
		note "the pool is there"
		return
	fi
	# -f: zpool finds members of different size or redundancy odd.
	zpool create -f -R "$ROOT" "${properties[@]}" "$name" "${words[@]}"
	settle
	pool_runs "$name" "$nodes" || fail 71 "the pool $name is not there after it was made"
}

pool_on() { # NAME -|readonly REF...
	local name=$1 how=$2 nodes
	local args=()
	shift 2
	nodes=$(nodes_of "$@")
	if pool_runs "$name" "$nodes"; then
		if [[ $how == readonly || $(zpool get -H -o value readonly "$name") == off ]]; then
			note "the pool $name is imported"
			return
		fi
		zpool export "$name"
	fi
	[[ $how == - ]] || args+=(-o "$how=on")
	import_pool "$name" "$nodes" "${args[@]}"
}

pool_off() { # NAME REF...
	local name=$1 ref node nodes=''
	shift
	for ref; do
		node=$(node_now "$ref")
		[[ -n $node ]] || return 0
		nodes+=${nodes:+$'\n'}$(readlink -f -- "$node")
	done
	if pool_runs "$name" "$nodes"; then
		zpool export "$name"
		await_udev
	fi
}

property() { zfs get -H -p -o value "$1" "$2"; }

same_property() { # NAME WANTED HAVE
	case $1 in
	encryption) [[ $2 == "$3" || ($2 == on && $3 != off) ]] ;;
	volblocksize | pbkdf2iters) [[ $(numfmt --from=iec -- "${2^^}") == "$3" ]] ;;
	# It is drawn by lot.
	pbkdf2salt) ;;
	*) [[ $2 == "$3" ]] ;;
	esac
}

# What can be changed later is set, as disko does; what cannot must be as wanted.
set_properties() { # DATASET filesystem|volume PROPERTY=VALUE...
	local dataset=$1 kind=$2 word have
	local args=()
	have=$(property type "$dataset")
	[[ $have == "$kind" ]] || fail 71 "$dataset is a $have, wanted is a $kind"
	shift 2
	for word; do
		case ${word%%=*} in
		encryption | casesensitivity | utf8only | normalization | volblocksize | pbkdf2iters | pbkdf2salt | keyformat)
			have=$(property "${word%%=*}" "$dataset")
			same_property "${word%%=*}" "${word#*=}" "$have" || fail 71 "$dataset has the ${word%%=*} $have, wanted is ${word#*=}"
			;;
		*) args+=("$word") ;;
		esac
	done
	[[ ${#args[@]} == 0 ]] || zfs set -u "${args[@]}" "$dataset"
}

dataset_is_there() { zfs list -H -o name "$1" >/dev/null 2>&1; }

make_dataset() { # DATASET [PROPERTY=VALUE...]
	local dataset=$1 word
	local args=()
	shift
	if dataset_is_there "$dataset"; then
		set_properties "$dataset" filesystem "$@"
		note "$dataset is there"
		return
	fi
	for word; do args+=(-o "$word"); done
	zfs create -u -p "${args[@]}" "$dataset"
}

make_volume() { # DATASET SIZE BYTES [PROPERTY=VALUE...] -- [ARGUMENT...]
	local dataset=$1 size=$2 bytes=$3 have
	local properties=() args=()
	shift 3
	while [[ $1 != -- ]]; do
		properties+=("$1")
		args+=(-o "$1")
		shift
	done
	shift
	if dataset_is_there "$dataset"; then
		set_properties "$dataset" volume "${properties[@]}"
		have=$(property volsize "$dataset")
		# Rounded up to whole blocks of the volume.
		[[ $have -ge $bytes && $have -le $((bytes + 16777216)) ]] || fail 71 "$dataset has $have bytes, wanted are $bytes"
		note "$dataset is there"
	else
		zfs create -p "${args[@]}" "$@" -V "$size" "$dataset"
		settle
	fi
}

key_on() { # DATASET LOCATION
	[[ $(property keystatus "$1") == unavailable ]] || return 0
	zfs load-key -L "$2" "$1"
	settle
}

key_off() { # DATASET
	dataset_is_there "$1" || return 0
	[[ $(property keystatus "$1") != available ]] || zfs unload-key "$1"
}

mount_dataset() { # DATASET MOUNTPOINT [OPTION...]
	local dataset=$1 target number source option
	local args=()
	target=$(target_of "$2")
	shift 2
	read -r number source <<<"$(mounted_from "$target")"
	if [[ -n $number ]]; then
		[[ $(printf '%b' "$source") == "$dataset" ]] || fail 72 "something else is mounted on $target, wanted is $dataset"
		note "$target is mounted"
		return
	fi
	for option; do args+=(-o "$option"); done
	mount_making -t zfs "${args[@]}" -o X-mount.mkdir "$dataset" "$target"
}

unmount_dataset() { # DATASET MOUNTPOINT
	local target number source
	target=$(target_of "$2")
	read -r number source <<<"$(mounted_from "$target")"
	if [[ -n $number && $(printf '%b' "$source") == "$1" ]]; then umount --recursive -- "$target"; fi
}

print_from_dataset() { # DATASET FILE [OPTION...]: nothing if it is not there
	local at option
	local options=ro,nodev,nosuid,noexec
	at=$(findmnt --noheadings --raw --first-only --types zfs --output TARGET --source "$1" || true)
	if [[ -n $at ]]; then
		print_below "$(printf '%b' "$at")" "$2"
		return
	fi
	for option in "${@:3}"; do options+=,$option; done
	enter -t zfs -o "$options" "$1"
	print_below "$AT" "$2"
	leave
}

# --- bcachefs: it is named by its devices, joined by colons ---

joined() { # REF...
	local nodes
	nodes=$(nodes_of "$@")
	printf '%s' "${nodes//$'\n'/:}"
}

unlock_bcachefs() { # KEY-FILE|- REF
	local node
	[[ $1 != - ]] || return 0
	node=$(node_of "$2")
	printf '%s' "$(tr -d '\0' <"$1")" | bcachefs unlock -k session "$node"
}

make_bcachefs() { # UUID KEY-FILE|- [ARGUMENT...] [-- REF [ARGUMENT...]]...
	local uuid=$1 key=$2 word found node blank=0 there=0 ref=''
	local args=() members=() own=()
	shift 2
	while [[ $# != 0 && $1 != -- ]]; do
		own+=("$1")
		shift
	done
	for word; do
		if [[ $word == -- ]]; then
			[[ -z $ref ]] || args+=("$(node_of "$ref")")
			ref=-
		elif [[ $ref == - ]]; then
			ref=$word
			node=$(node_of "$ref")
			members+=("$node")
		else
			args+=("$word")
		fi
	done
	args+=("$(node_of "$ref")")
	for node in "${members[@]}"; do
		found=$(signatures "$node")
		case $found in
		'') blank=$((blank + 1)) ;;
		bcachefs)
			found=$(uuid_on "$node")
			[[ ${found,,} == "${uuid,,}" ]] || fail 71 "$node holds the bcachefs $found, wanted is $uuid"
			there=$((there + 1))
			;;
		*) fail 71 "$node holds $found; wanted is bcachefs or nothing" ;;
		esac
	done
	if [[ $there == "${#members[@]}" ]]; then
		note "bcachefs is there"
	elif [[ $blank != "${#members[@]}" ]]; then
		fail 71 "only $there of the ${#members[@]} devices hold the bcachefs $uuid; wanted are all"
	elif [[ $key == - ]]; then
		bcachefs format "${args[@]}" --uuid="$uuid" "${own[@]}"
		settle
	else
		printf '%s' "$(tr -d '\0' <"$key")" | bcachefs format "${args[@]}" --uuid="$uuid" "${own[@]}" --encrypted
		settle
	fi
}

make_bcachefs_subvolume() { # KEY-FILE|- PATH REF...
	local key=$1 path=$2 nodes
	shift 2
	unlock_bcachefs "$key" "$1"
	nodes=$(joined "$@")
	enter -t bcachefs "$nodes"
	if [[ -d $AT/$path ]]; then
		note "subvolume $path is there"
	else
		(umask 022 && mkdir -p -- "$(dirname -- "$AT/$path")" && bcachefs subvolume create "$AT/$path")
	fi
	leave
}

bcachefs_is_on() { # TARGET REF...: fails where something else is mounted
	local number source node target=$1
	shift
	read -r number source <<<"$(mounted_from "$target")"
	[[ -n $number ]] || return 1
	for node in $(nodes_of "$@"); do
		[[ :$(printf '%b' "$source"): == *:$node:* ]] || fail 72 "something else is mounted on $target, wanted is the bcachefs on $node"
	done
}

mount_bcachefs() { # KEY-FILE|- MOUNTPOINT REF... -- [OPTION...]
	local key=$1 target options='' option
	local refs=()
	target=$(target_of "$2")
	shift 2
	while [[ $1 != -- ]]; do
		refs+=("$1")
		shift
	done
	shift
	if bcachefs_is_on "$target" "${refs[@]}"; then
		note "$target is mounted"
		return
	fi
	for option; do options+=${options:+,}$option; done
	unlock_bcachefs "$key" "${refs[0]}"
	(umask 022 && mkdir -p -- "$target")
	mount -t bcachefs -o "$options" "$(joined "${refs[@]}")" "$target"
}

unmount_bcachefs() { # MOUNTPOINT REF...
	local target ref
	target=$(target_of "$1")
	shift
	for ref; do
		[[ -n $(node_now "$ref") ]] || return 0
	done
	if bcachefs_is_on "$target" "$@"; then umount --recursive -- "$target"; fi
}

print_from_bcachefs() { # KEY-FILE|- FILE REF...: nothing if it is not there, and nothing is written
	local key=$1 file=$2 nodes
	shift 2
	unlock_bcachefs "$key" "$1"
	nodes=$(joined "$@")
	enter -t bcachefs -o ro,nochanges,norecovery,nodev,nosuid,noexec "$nodes"
	print_below "$AT" "$file"
	leave
}

# --- mounting ---

target_of() { if [[ $1 == / ]]; then printf '%s' "$ROOT"; else printf '%s' "$ROOT$1"; fi; }

mount_making() { # ARGUMENT...: the directories that it makes are for everybody to enter
	umask 022
	mount "$@"
	umask 077
}

mounted_from() { # TARGET: number and source of what is on top there, nothing if it is no mount point
	{ findmnt --noheadings --raw --nofsroot --output MAJ:MIN,SOURCE --mountpoint "$1" || true; } | tail -n 1
}

# A mounted btrfs has a device number of its own, and any of its devices may be told as its source.
btrfs_mates() { # SYSDIR: the kernel's names of all devices of the mounted btrfs that this one belongs to
	local device
	for device in /sys/fs/btrfs/*/devices/"${1##*/}"; do
		[[ ! -e $device ]] || ls -- "${device%/*}"
	done
}

stands_on() { # NODE MAJ:MIN SOURCE: what is mounted there is what the node holds
	local source mates
	[[ $2 != "$(column MAJ:MIN "$1")" ]] || return 0
	source=$(printf '%b' "$3")
	[[ $source == /dev/* ]] || return 1
	source=$(readlink -f -- "$source")
	mates=$(btrfs_mates "$(sys_of "$1")")
	[[ " ${mates//$'\n'/ } " == *" ${source##*/} "* ]]
}

mount_filesystem() { # REF FORMAT MOUNTPOINT [OPTION...]
	local ref=$1 format=$2 target node number source option
	local args=()
	target=$(target_of "$3")
	shift 3
	node=$(node_of "$ref")
	read -r number source <<<"$(mounted_from "$target")"
	if [[ -n $number ]]; then
		stands_on "$node" "$number" "$source" || fail 72 "something else is mounted on $target, wanted is $node"
		note "$target is mounted"
		return
	fi
	for option; do args+=(-o "$option"); done
	mount_making -t "$format" "${args[@]}" -o X-mount.mkdir "$node" "$target"
}

mount_subvolume() { # REF NAME|- MOUNTPOINT [OPTION...]
	local ref=$1 name=$2 target root
	target=$(target_of "$3")
	mount_filesystem "$ref" btrfs "${@:3}"
	root=$(findmnt --noheadings --raw --output FSROOT --mountpoint "$target" | tail -n 1)
	root=$(printf '%b' "$root")
	[[ $name == - || $root == "/${name#/}" ]] || fail 72 "the subvolume $root is mounted on $target, wanted is $name"
}

unmount_filesystem() { # REF MOUNTPOINT
	local target node number source
	target=$(target_of "$2")
	node=$(node_now "$1")
	read -r number source <<<"$(mounted_from "$target")"
	[[ -n $node && -n $number ]] && stands_on "$node" "$number" "$source" || return 0
	umount --recursive -- "$target"
}

same_directory() { [[ -d $1 && -d $2 && $(stat --format=%d:%i -- "$1") == "$(stat --format=%d:%i -- "$2")" ]]; }

nodev_is_mounted() { # bind|TYPE DEVICE TARGET
	local type
	type=$({ findmnt --noheadings --raw --output FSTYPE --mountpoint "$3" || true; } | tail -n 1)
	[[ -n $type ]] || return 1
	case $1 in
	bind) same_directory "$(target_of "$2")" "$3" ;;
	nfs) [[ $type == nfs || $type == nfs4 ]] ;;
	*) [[ $type == "$1" ]] ;;
	esac
}

mount_nodev() { # bind|TYPE TYPE DEVICE MOUNTPOINT [OPTION...]
	local kind=$1 type=$2 source=$3 target option
	local args=()
	target=$(target_of "$4")
	shift 4
	if nodev_is_mounted "$kind" "$source" "$target"; then
		note "$target is mounted"
		return
	fi
	[[ -z $(mounted_from "$target") ]] || fail 72 "something else is mounted on $target, wanted is $kind"
	if [[ $kind == bind ]]; then
		source=$(target_of "$source")
		[[ -e $source ]] || (umask 022 && mkdir -p -- "$source")
	fi
	for option; do args+=(-o "$option"); done
	mount_making -t "$type" "${args[@]}" -o X-mount.mkdir "$source" "$target"
}

unmount_nodev() { # bind|TYPE DEVICE MOUNTPOINT
	local target
	target=$(target_of "$3")
	if nodev_is_mounted "$1" "$2" "$target"; then umount --recursive -- "$target"; fi
}

# Through a read-only loop device: ext4 clears orphans even of what is mounted with ro,noload. No journal is replayed.
print_file() { # REF FORMAT FILE [OPTION...]: nothing if it is not there
	local node option
	local options=loop,ro,nodev,nosuid,noexec
	for option in "${@:4}"; do options+=,$option; done
	case $2 in
	ext3 | ext4) options+=,noload ;;
	xfs | f2fs) options+=,norecovery ;;
	btrfs) options+=,rescue=nologreplay ;;
	esac
	node=$(node_of "$1")
	enter -t "$2" -o "$options" "$node"
	print_below "$AT" "$3"
	leave
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

declare -A OURS=() POOLS=()

pool_on_device() { # SYSDIR: the imported pool that it is a member of; sysfs does not know
	local name node mine
	mine=$(dev_of "$1")
	while IFS=$'\t' read -r name node; do
		[[ $node != "$mine" ]] || printf '%s' "$name"
	done <<<"$POOLS_SEEN"
}

volumes_of() { # POOL: SYSDIR, a line each
	local name node
	while IFS= read -r name; do
		# udev writes blanks so.
		name=/dev/zvol/${name// /+}
		[[ -b $name ]] || continue
		node=$(sys_of "$name")
		printf '%s\n' "$node"
	done <<<"$(zfs list -H -t volume -o name -r "$1")"
}

# Everything built on a device and its partitions, topmost last. A holder must stand on planned disks alone.
gather() { # SYSDIR
	local holder entry pool volumes
	OURS[$1]=1
	pool=$(pool_on_device "$1")
	if [[ -n $pool && -z ${POOLS[$pool]:-} ]]; then
		volumes=$(volumes_of "$pool")
		POOLS[$pool]=$volumes
		# Never empty: it is known then.
		POOLS[$pool]+=$'\n'
		while read -r entry; do
			[[ -z $entry ]] || gather "$entry"
		done <<<"$volumes"
	fi
	for entry in "$1"/*/partition; do
		[[ ! -e $entry ]] || gather "${entry%/*}"
	done
	for holder in "$1"/holders/*; do
		[[ ! -e $holder ]] || gather "$(readlink -f -- "$holder")"
	done
}

# Where a device is mounted, deepest last; one line each. A file system with its own device number (btrfs) is found by its source.
mounts_of() { # SYSDIR
	local table number source target node mates
	node=$(dev_of "$1")
	mates=$(btrfs_mates "$1")
	mates=" ${mates//$'\n'/ } "
	table=$(findmnt --noheadings --raw --nofsroot --output MAJ:MIN,SOURCE,TARGET)
	while read -r number source target; do
		source=$(printf '%b' "$source")
		# bcachefs shows all its devices.
		if [[ :$source: == *:$node:* ]]; then source=$node; fi
		if [[ $source == /dev/* ]]; then source=$(readlink -f -- "$source"); fi
		if [[ $number == "$(<"$1/dev")" || $source == "$node" || ($source == /dev/* && $mates == *" ${source##*/} "*) ]]; then
			printf '%b\n' "$target"
		fi
	done <<<"$table" | sort
}

declare -A GROUPS_SEEN=()

read_groups() { # the volume group of each physical volume, empty where it is in none
	local all node group
	GROUPS_SEEN=()
	command -v pvs >/dev/null || return 0
	# All of them: a list of devices may leave some out.
	all=$(pvs --noheadings --options pv_name,vg_uuid --config 'devices{use_devicesfile=0}') || fail 72 "pvs cannot tell which volume groups there are"
	while read -r node group; do
		[[ ! -b $node ]] || GROUPS_SEEN[$(readlink -f -- "$node")]=$group
	done <<<"$all"
}

# Told by what is on the device: udev's memory may be old, and what is not active has no holder.
member_of() { # NODE: KIND UUID of what may have other members elsewhere, a line each
	local all kind uuid
	all=$(wipefs --noheadings --output TYPE,UUID -- "$1" 2>/dev/null) || return 0
	while read -r kind uuid; do
		case $kind in
		# It may be in any where nobody can tell.
		LVM2_member) uuid=${GROUPS_SEEN[$1]-of an unknown volume group} ;;
		zfs_member | *_raid_member | btrfs | bcachefs) ;;
		*) uuid= ;;
		esac
		[[ -z $uuid ]] || printf '%s %s\n' "$kind" "$uuid"
	done <<<"$all" | sort -u
}

# An exported pool, a stopped array and the like are in nobody's way, and lost when one of their members is wiped.
check_members() {
	local sys node members member
	local -A mine=()
	read_groups
	for sys in "${!OURS[@]}"; do
		node=$(dev_of "$sys")
		members=$(member_of "$node")
		while read -r member; do
			[[ -z $member ]] || mine[$member]=$node
		done <<<"$members"
	done
	[[ ${#mine[@]} != 0 ]] || return 0
	for sys in /sys/class/block/*; do
		sys=$(readlink -f -- "$sys")
		[[ -z ${OURS[$sys]:-} && -r $sys/size && $(<"$sys/size") != 0 ]] || continue
		case ${sys##*/} in fd* | sr* | ram* | zram*) continue ;; esac
		node=$(dev_of "$sys")
		members=$(member_of "$node")
		while read -r member; do
			[[ -z $member || -z ${mine[$member]:-} ]] || fail 72 "${mine[$member]} and $node, which is not planned, both hold the $member"
		done <<<"$members"
	done
}

# Refuses before anything is switched off: mounts outside the installation, and devices that also stand on other disks.
check_release() {
	local sys below targets target mates mate pool node
	for pool in "${!POOLS[@]}"; do
		while read -r node; do
			[[ -n ${OURS[$(sys_of "$node")]:-} ]] || fail 72 "the pool $pool also stands on $node, which is not planned"
		done <<<"$(pool_devices "$pool")"
		targets=$(findmnt --noheadings --raw --types zfs --output SOURCE,TARGET || true)
		while read -r node target; do
			node=$(printf '%b' "$node")
			target=$(printf '%b' "$target")
			[[ $node/ != "$pool"/* || $target == "$ROOT" || $target == "$ROOT"/* ]] || fail 72 "$node is mounted on $target"
		done <<<"$targets"
	done
	for sys in "${!OURS[@]}"; do
		mates=$(btrfs_mates "$sys")
		for mate in $mates; do
			[[ -n ${OURS[$(readlink -f -- "/sys/class/block/$mate")]:-} ]] || fail 72 "$(dev_of "$sys") is part of a mounted btrfs, and so is $mate, which is not planned"
		done
		targets=$(mounts_of "$sys")
		while read -r target; do
			[[ -z $target || $target == "$ROOT" || $target == "$ROOT"/* ]] || fail 72 "$(dev_of "$sys") is mounted on $target"
		done <<<"$targets"
		for below in "$sys"/slaves/*; do
			[[ ! -e $below || -n ${OURS[$(readlink -f -- "$below")]:-} ]] || fail 72 "$(dev_of "$sys") also stands on ${below##*/}, which is not planned"
		done
	done
	check_members
}

is_ours() { # NODE: of a disk of this layout, to be wiped or not, or built on those that are to be wiped
	local sys
	sys=$(sys_of "$1")
	[[ -n ${OURS[$sys]:-} ]] || stands_on_planned "$sys"
}

devices_of_mount() { # MAJ:MIN SOURCE TYPE: the nodes, a line each; none of what is on no block device
	local node
	if [[ $3 == zfs ]]; then
		pool_devices "${2%%/*}"
	elif [[ $2 == /dev/* ]]; then
		# bcachefs shows all its devices.
		for node in ${2//:/ }; do readlink -f -- "$node"; done
	elif [[ -e /sys/dev/block/$1 ]]; then
		dev_of "/sys/dev/block/$1"
	fi
}

# The mount point belongs to nobody: what a person has mounted there is not of this layout.
check_root() {
	local table number source type target node nodes
	table=$(findmnt --noheadings --raw --nofsroot --output MAJ:MIN,SOURCE,FSTYPE,TARGET)
	while read -r number source type target; do
		[[ $target == "$ROOT" || $target == "$ROOT"/* ]] || continue
		source=$(printf '%b' "$source")
		target=$(printf '%b' "$target")
		nodes=$(devices_of_mount "$number" "$source" "$type")
		while read -r node; do
			[[ -z $node ]] || is_ours "$node" || fail 72 "$source is mounted on $target, and $node is not of this layout"
		done <<<"$nodes"
		# Those below may be of the layout.
		case $target:$type in
		"$ROOT":nfs | "$ROOT":nfs4 | "$ROOT":cifs | "$ROOT":smb3 | "$ROOT":ceph | "$ROOT":9p | "$ROOT":virtiofs | "$ROOT":fuse.*) fail 72 "$source is mounted on $target, and is not of this layout" ;;
		esac
	done <<<"$table"
}

deactivate() { # SYSDIR of a device that nothing stands on
	local node uuid name members member
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
	md*)
		members=$(slaves_of "$1")
		mdadm --stop "$node"
		# Or udev assembles it again, which keeps the members busy. They are wiped anyway.
		while read -r member; do wipefs --all --force -- "$member"; done <<<"$members"
		;;
	*) fail 72 "$node stands on a planned disk and is not known to this script" ;;
	esac
}

export_pool_on() { # SYSDIR: fails while a volume of the pool is still to be released
	local pool entry
	pool=$(pool_on_device "$1")
	[[ -n $pool && -n ${POOLS[$pool]:-} ]] || return 0
	while read -r entry; do
		[[ -z $entry || -z ${OURS[$entry]:-} ]] || return 1
	done <<<"${POOLS[$pool]}"
	zpool export "$pool" || fail 72 "the pool $pool is still in use"
	unset "POOLS[$pool]"
}

# After check_release, which leaves no mounts of OURS elsewhere.
unmount_all() {
	local sys targets
	if [[ -n $(mounted_from "$ROOT") ]]; then
		check_root
		umount --recursive -- "$ROOT"
	fi
	# Of a layout without a root.
	for sys in "${!OURS[@]}"; do
		targets=$(mounts_of "$sys")
		while [[ -n $targets ]]; do
			check_root
			umount --recursive -- "${targets##*$'\n'}"
			targets=$(mounts_of "$sys")
		done
	done
}

release_disks() { # REF...
	local ref entry sys again holders
	OURS=()
	POOLS=()
	read_pools
	for ref; do
		gather "${SYS[$ref]}"
	done
	check_release
	unmount_all
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
			for entry in "$sys"/*/partition; do
				[[ -z ${OURS[${entry%/*}]:-} ]] || continue 2
			done
			export_pool_on "$sys" || continue
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
	await_udev
}

# ZFS also finds pools by what libblkid does not look for.
clear_pool_labels() { # NODE
	if [[ $(signatures "$1") == *zfs_member* ]] && command -v zpool >/dev/null; then zpool labelclear -f "$1" || true; fi
}

wipe_disk() { # REF
	local node=${NODE[$1]} entry part
	for entry in "${SYS[$1]}"/*/partition; do
		[[ -e $entry ]] || continue
		part=$(dev_of "${entry%/*}")
		clear_pool_labels "$part"
		wipefs --all -- "$part"
		wipefs --all --force -- "$part"
	done
	clear_pool_labels "$node"
	wipefs --all -- "$node"
	# 2 and 3: sgdisk found a damaged table before it removed it.
	sgdisk --zap-all "$node" || [[ $? -le 3 ]]
	zero_ends "$node"
	await_udev
	for entry in "${SYS[$1]}"/*/partition; do
		[[ ! -e $entry ]] || fail 72 "the kernel still has partition $(<"$entry") of ${TITLE[$1]}"
	done
}

# --- additions to a system that runs ---

# Whether a file system grew to its end, or was made at all, the system does not tell without a read: this file says of what it may not have.
UNFINISHED=${NIXOS_OPERATOR_STATE:-/nix/var/nixos-operator}/unfinished

addition_begins() { # PATH...: of the layout, what is made or grows
	mkdir -p -- "${UNFINISHED%/*}"
	printf '%s\n' "$@" >"$UNFINISHED"
	sync -- "$UNFINISHED"
}

addition_ends() { rm -f -- "$UNFINISHED"; }

grow_partition() { # REF NUMBER: the last one of a GPT, to the end of its disk
	local node part info sectors
	node=$(node_of "$1")
	part=$(node_of "$(partition_ref "$1" "$2")")
	# The second header still stands where the disk once ended.
	sgdisk --move-second-header "$node"
	sfdisk --no-reread --no-tell-kernel --partno "$2" "$node" <<<',+'
	partx --update --nr "$2" -- "$node"
	info=$(sgdisk --info="$2" "$node")
	sectors=$(info_line "$info" 'Partition size')
	[[ $(blockdev --getsize64 "$part") == $((${sectors%% *} * $(blockdev --getss "$node"))) ]] || fail 72 "the kernel still has the old size of $part"
}

grow_filesystem() { # REF FORMAT
	local node at
	node=$(node_of "$1")
	at=$(findmnt --noheadings --raw --first-only --output TARGET --source "$node" || true)
	at=$(printf '%b' "$at")
	[[ -n $at ]] || fail 72 "$node is not mounted; $2 grows only where it is"
	case $2 in
	ext[234]) resize2fs "$node" ;;
	xfs) xfs_growfs "$at" ;;
	btrfs) btrfs filesystem resize max "$at" ;;
	*) fail 75 "$2 does not grow while it is mounted" ;;
	esac
}

luks_grow() { # REF text|raw FILE NAME [KEY-ARGUMENT...]
	local node below
	node=$(nodes_of "$1")
	below=$(luks_below "$4")
	[[ $below == "$node" ]] || fail 72 "/dev/mapper/$4 is open on ${below:-nothing}, wanted is $node"
	luks "$2" "$3" resize "$4" "${@:5}"
}

grow_pv() { # REF
	local node
	node=$(nodes_of "$1")
	pvresize --config "$LVM_CONFIG" -- "$node"
}

grow_pool() { # POOL REF: ZFS knows the device by the name under which it found it
	local node name found=''
	node=$(nodes_of "$2")
	node=$(pool_device "$node")
	while read -r name _; do
		[[ $name != /dev/* || $(readlink -f -- "$name") != "$node" ]] || found=$name
	done <<<"$(zpool list -v -H -P "$1")"
	[[ -n $found ]] || fail 72 "$node is no device of the pool $1"
	zpool online -e "$1" "$found"
}
