#!/bin/sh
# authorize-key.sh add|remove SIZE USER... < KEY : one public key, into or out of what sshd reads for each of the users.
# authorize-key.sh copy FROM TO : the keys of one user for another one too.
# Exit code 3: a file that cannot be written; the last line says which and why.
set -u
umask 077
root=${NIXOS_OPERATOR_ROOT:-}

# account USER : its line of passwd
account() {
	if [ -z "$root" ] && command -v getent > /dev/null; then
		getent passwd "$1"
	else
		grep "^$1:" "$root/etc/passwd"
	fi
}

home() {
	account "$1" | cut -d : -f 6
}

# The configuration of the sshd that we came through, where it was told one.
config() {
	pid=$$
	while [ "${pid:-1}" -gt 1 ]; do
		case $(cat "/proc/$pid/comm" 2> /dev/null) in
		sshd*)
			line=$(tr '\0' ' ' < "/proc/$pid/cmdline")
			case $line in
			*' -f '*)
				line=${line#* -f }
				printf '%s\n' "${line%% *}"
				return
				;;
			esac
			;;
		esac
		pid=$(sed 's/.*) [A-Z] \([0-9]*\) .*/\1/' "/proc/$pid/stat" 2> /dev/null)
	done
}

# patterns USER : AuthorizedKeysFile, as sshd tells it
patterns() {
	config=$(config)
	for sshd in "$root/usr/sbin/sshd" "$root/run/current-system/sw/bin/sshd" "$root/usr/local/sbin/sshd" "$root/usr/bin/sshd"; do
		[ -x "$sshd" ] || continue
		told=$("$sshd" -T ${config:+-f "$config"} -C "user=$1,host=localhost,addr=127.0.0.1" 2> /dev/null |
			sed -n 's/^authorizedkeysfile //p')
		[ -z "$told" ] || { printf '%s\n' "$told"; return; }
	done
	echo .ssh/authorized_keys
}

# read_by_sshd USER : the files that sshd reads for it, a path a line (sshd_config(5), AuthorizedKeysFile)
read_by_sshd() {
	home=$(home "$1")
	set -f
	for pattern in $(patterns "$1"); do
		[ "$pattern" != none ] || continue
		file=$(printf '%s\n' "$pattern" | sed "s|%h|$home|g; s|%u|$1|g; s|%U|$(account "$1" | cut -d : -f 3)|g; s|%%|%|g")
		case $file in
		/*) printf '%s\n' "$root$file" ;;
		*) printf '%s\n' "$root$home/$file" ;;
		esac
	done
}

# usual USER : whatever sshd is told, kexec/run reads this one of root
usual() {
	[ "$1" != root ] || printf '%s\n' "$root$(home root)/.ssh/authorized_keys"
}

# files USER : all that may hold a key of it
files() {
	{
		usual "$1"
		read_by_sshd "$1"
	} | awk '!seen[$0]++'
}

# targets USER : those that a key of it is added to
targets() {
	{
		usual "$1"
		read_by_sshd "$1" | head -n 1
	} | awk '!seen[$0]++'
}

# unwritable FILE
unwritable() {
	real=$(readlink -f -- "$1")
	case $(lsattr -d -- "${real:-$1}" 2> /dev/null | cut -d ' ' -f 1) in
	*i* | *a*) echo "${1#"$root"} is immutable; allow changes with: chattr -ia ${1#"$root"}" ;;
	*) echo "${1#"$root"} cannot be written${real:+ ($real)}: is it, or its filesystem, read-only?" ;;
	esac >&2
	exit 3
}

# create USER FILE : owned so that sshd accepts it (StrictModes) and can read it as the user
create() {
	dir=${2%/*}
	owner=$(account "$1" | cut -d : -f 3,4)
	case $2 in
	"$root$(home "$1")"/*) mode=600 ;;
	*) mode=644 owner=0:0 ;;
	esac
	if [ ! -d "$dir" ]; then
		mkdir -p -- "$dir" && chown "$owner" "$dir" && { [ "$mode" = 600 ] || chmod 755 "$dir"; } || return 1
	fi
	: 2> /dev/null >> "$2" && chown "$owner" "$2" && chmod "$mode" "$2" || return 1
	! command -v restorecon > /dev/null || restorecon "$dir" "$2" || :
}

# add USER FILE LINE
add() {
	[ -e "$2" ] || create "$1" "$2" 2> /dev/null || unwritable "$2"
	! grep -qxF -e "$3" -- "$2" || return 0
	end=
	[ -z "$(tail -c 1 -- "$2")" ] || end='
'
	{ printf '%s%s\n' "$end" "$3" >> "$2"; } 2> /dev/null || unwritable "$2"
}

# add_everywhere USER FILES LINE
add_everywhere() {
	while IFS= read -r each; do
		[ -z "$each" ] || add "$1" "$each" "$3"
	done << EOF
$2
EOF
}

# remove FILE LINE : the rest whole, or nothing
remove() {
	[ -e "$1" ] && grep -qxF -e "$2" -- "$1" || return 0
	real=$(readlink -f -- "$1")
	new=$(mktemp "${real%/*}/.nixos-operator.XXXXXXXX" 2> /dev/null) || unwritable "$1"
	if cp -p -- "$real" "$new" && { grep -vxF -e "$2" -- "$real" > "$new" || [ $? -eq 1 ]; } &&
		mv -f -- "$new" "$real" 2> /dev/null; then
		return 0
	fi
	rm -f -- "$new"
	unwritable "$1"
}

verb=$1
shift
case $verb in
add | remove)
	size=$1
	shift
	key=$(cat)
	# A connection that breaks looks like the end of the key.
	[ "${#key}" -eq "$size" ] || {
		echo "${#key} of $size bytes of the key arrived" >&2
		exit 1
	}
	for user; do
		account "$user" > /dev/null || {
			[ "$verb" = remove ] && continue
			echo "there is no user $user" >&2
			exit 1
		}
		list=$(if [ "$verb" = add ]; then targets "$user"; else files "$user"; fi)
		[ -n "$list" ] || [ "$verb" = remove ] || {
			echo "sshd reads no file of authorized keys for $user (AuthorizedKeysFile none)" >&2
			exit 3
		}
		if [ "$verb" = add ]; then
			add_everywhere "$user" "$list" "$key"
			continue
		fi
		while IFS= read -r file; do
			[ -z "$file" ] || remove "$file" "$key"
		done << EOF
$list
EOF
	done
	;;
copy)
	list=$(files "$1")
	to=$(targets "$2")
	while IFS= read -r file; do
		[ -r "$file" ] || continue
		while IFS= read -r line || [ -n "$line" ]; do
			case $line in '' | '#'*) continue ;; esac
			add_everywhere "$2" "$to" "$line"
		done < "$file"
	done << EOF
$list
EOF
	;;
esac
