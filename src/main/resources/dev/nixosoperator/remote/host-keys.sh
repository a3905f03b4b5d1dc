#!/bin/sh
# host-keys.sh preserve|generate|read : the SSH host keys of the installed system; prints "key=TYPE BASE64" for each.
# A public key is always made from its private key, which may have been put there by hand.
set -eu
umask 077
root=${NIXOS_OPERATOR_MNT:-/mnt} from=${NIXOS_OPERATOR_SSH:-/etc/ssh}
dir=$root/etc/ssh
if [ -L "$root/etc" ] || [ -L "$dir" ]; then
	echo "$dir is a symbolic link" >&2
	exit 1
fi
[ -d "$root/etc" ] || mkdir -m 0755 "$root/etc"
[ -d "$dir" ] || mkdir -m 0755 "$dir"

# put FILE MODE: copies it whole or not at all
put() {
	cp -- "$1" "$dir/.new"
	chmod "$2" "$dir/.new"
	chown 0:0 "$dir/.new"
	mv -f -- "$dir/.new" "$dir/${1##*/}"
}

case $1 in
preserve)
	for key in "$from"/ssh_host_*_key; do
		[ -f "$key" ] || continue
		put "$key" 0600
		[ ! -f "$key.pub" ] || put "$key.pub" 0644
		[ ! -f "$key-cert.pub" ] || put "$key-cert.pub" 0644
	done
	;;
generate)
	for type in ed25519 rsa; do
		# again only where it was not finished
		[ -s "$dir/ssh_host_${type}_key" ] && [ -s "$dir/ssh_host_${type}_key.pub" ] && continue
		rm -f "$dir/ssh_host_${type}_key" "$dir/ssh_host_${type}_key.pub"
		ssh-keygen -q -t "$type" -N '' -C '' -f "$dir/ssh_host_${type}_key"
	done
	;;
esac

for key in "$dir"/ssh_host_*_key; do
	[ -f "$key" ] || continue
	public=$(ssh-keygen -y -P '' -f "$key") || continue
	if [ "$(cut -d ' ' -f 1,2 "$key.pub" 2> /dev/null)" != "$(printf '%s' "$public" | cut -d ' ' -f 1,2)" ]; then
		printf '%s\n' "$public" > "$dir/.new"
		chmod 0644 "$dir/.new"
		mv -f -- "$dir/.new" "$key.pub"
	fi
	chmod 0644 "$key.pub"
	printf 'key=%s\n' "$(cut -d ' ' -f 1,2 "$key.pub")"
done
