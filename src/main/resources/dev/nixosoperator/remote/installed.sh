#!/bin/sh
# installed.sh TOPLEVEL : what nixos-install left: profile=PATH, boot=yes|no.
set -u
root=${NIXOS_OPERATOR_MNT:-/mnt}
base=${1##*/}

# The profile is a chain of links inside the root: /nix/var/nix/profiles/system -> system-1-link -> /nix/store/...
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
printf 'profile=%s\n' "$link"

# A boot entry names the system (init=/nix/store/.../init), in a text file or in the command line inside an EFI image. The small files first.
found=no
for dir in "$root/boot" "$root/efi" "$root/sbin/init"; do
	[ -e "$dir" ] || continue
	if find "$dir" -type f -size -2048k -exec grep -laF -e "$base" {} + 2> /dev/null | grep -q . ||
		find "$dir" -type f -size +2047k -exec grep -laF -e "$base" {} + 2> /dev/null | grep -q .; then
		found=yes
		break
	fi
done
printf 'boot=%s\n' "$found"
sync
