#!/bin/sh
# installed.sh TOPLEVEL : what nixos-install left, for the proof that the machine will boot it:
#   profile=PATH   boot=yes|no (an entry names the system)   firmware=UEFI|BIOS   architecture=NAME
#   loader.efi, loader.bios, loader.other=yes|no   what the firmware would find: a program on an ESP, code at the start of a disk, extlinux
# NIXOS_OPERATOR_ROOT, NIXOS_OPERATOR_MNT: prefixes of all files, for tests.
set -u
LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL PATH
root=${NIXOS_OPERATOR_MNT:-/mnt} host=${NIXOS_OPERATOR_ROOT:-}
base=${1##*/}

# The profile is a chain of links inside the root: /nix/var/nix/profiles/system -> system-1-link -> /nix/store/...
profile() {
	link=$root/nix/var/nix/profiles/system
	for _ in 1 2 3 4; do
		[ -L "$link" ] || break
		target=$(readlink "$link")
		case $target in
		/nix/store/*)
			link=$target
			break
			;;
		/*) link=$root$target ;;
		*) link=${link%/*}/$target ;;
		esac
	done
	echo "$link"
}

# A boot entry names the system (init=/nix/store/.../init), in a text file or in the command line inside an EFI image. The small files first.
entry() {
	for dir in "$root/boot" "$root/efi" "$root/sbin/init"; do
		[ -e "$dir" ] || continue
		if find "$dir" -type f -size -2048k -exec grep -laF -e "$base" {} + 2> /dev/null | grep -q . ||
			find "$dir" -type f -size +2047k -exec grep -laF -e "$base" {} + 2> /dev/null | grep -q .; then
			return 0
		fi
	done
	return 1
}

# Whether a boot entry in the firmware's memory names the program, /EFI/x/y.efi: UTF-16, with backslashes.
in_nvram() {
	path=$(printf '%s' "$1" | tr / '\134')
	for variable in "$host"/sys/firmware/efi/efivars/Boot[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-*; do
		[ -f "$variable" ] || continue
		! tr -d '\000' < "$variable" | grep -qaiF -e "$path" || return 0
	done
	return 1
}

# starts DIR : the firmware starts what its boot entries name, or else the program at the removable path.
starts() {
	case $(uname -m) in
	x86_64) names='bootx64|bootia32' ;;
	aarch64) names=bootaa64 ;;
	*) names='boot[a-z0-9]*' ;;
	esac
	find "$1" -type f -iname '*.efi' -size +0 2> /dev/null | while IFS= read -r program; do
		if echo "$program" | grep -qiE "/efi/boot/($names)\.efi\$" || in_nvram "${program#"$1"}"; then echo found; fi
	done | grep -q found
}

# It reads FAT only.
efi() {
	sed -n "s|^[^ ]* \(${root}/[^ ]*\) vfat .*|\1|p" "$host/proc/self/mounts" | while IFS= read -r dir; do
		! starts "$dir" || echo found
	done | grep -q found
}

# The disks that hold what is mounted under the root; where nobody can tell (a pool), all.
disks() {
	sed -n "s|^\(/dev/[^ ]*\) ${root}[/ ].*|\1|p" "$host/proc/self/mounts" | sort -u | while IFS= read -r device; do
		lsblk -nslpo NAME,TYPE "$device" 2> /dev/null
	done | sed -n 's/ *disk *$//p' | sort -u | grep . || lsblk -ndpo NAME,TYPE 2> /dev/null | sed -n 's/ *disk *$//p'
}

bytes() {
	dd if="$1" bs="$2" skip="$3" count=1 2> /dev/null | tr -d '\000' | wc -c
}

# Code in the first sector; GRUB's says at byte 92 in which sector its core image begins, and something must be there.
bios() {
	for disk in $(disks); do
		[ "$(bytes "$disk" 440 0)" -gt 0 ] || continue
		dd if="$disk" bs=440 count=1 2> /dev/null | grep -qa GRUB || return 0
		core=$(od -An -tu8 -j92 -N8 "$disk" | tr -d ' ')
		[ "$(bytes "$disk" 512 "$core")" -eq 0 ] || return 0
	done
	return 1
}

other() {
	[ -f "$root/boot/extlinux/extlinux.conf" ]
}

say() {
	key=$1
	shift
	if "$@"; then echo "$key=yes"; else echo "$key=no"; fi
}

echo "profile=$(profile)"
say boot entry
if [ -d "$host/sys/firmware/efi" ]; then echo firmware=UEFI; else echo firmware=BIOS; fi
echo "architecture=$(uname -m)"
say loader.efi efi
say loader.bios bios
say loader.other other
sync
