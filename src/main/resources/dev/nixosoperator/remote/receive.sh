#!/bin/sh
# receive.sh NEED OPERATION SIZE < ARCHIVE : find a directory with NEED free KiB from which programs can run, and store the archive there.
# Prints dir=DIRECTORY. SIZE -: nothing is read (the machine downloads itself).
set -u
umask 077
need=$1 name=nixos-operator-$2 size=$3
seen=''
for base in /root /var/tmp /tmp /run; do
	[ -d "$base" ] || continue
	free=$(df -Pk "$base" 2> /dev/null | { read -r _ && read -r _ _ _ free _ && echo "$free"; })
	seen="$seen${seen:+, }$base $((${free:-0} / 1024)) MiB"
	[ "${free:-0}" -ge "$need" ] || continue
	dir=$base/$name
	# Others may write to /tmp: what is there and not ours is not used.
	if [ -e "$dir" ] && { [ -L "$dir" ] || [ ! -O "$dir" ]; }; then continue; fi
	mkdir -p "$dir" || continue
	printf '#!/bin/sh\n' > "$dir/probe" && chmod 700 "$dir/probe"
	if ! "$dir/probe" 2> /dev/null; then
		rm -rf "$dir"
		continue
	fi
	rm -f "$dir/probe"
	if [ "$size" != - ]; then
		cat > "$dir/archive.part" || exit 1
		got=$(wc -c < "$dir/archive.part")
		[ "$got" -eq "$size" ] || {
			echo "$((got)) of $size bytes of the archive arrived" >&2
			exit 1
		}
		mv "$dir/archive.part" "$dir/archive" || exit 1
	fi
	echo "dir=$dir"
	exit 0
done
echo "no directory has $((need / 1024)) MiB free from which programs can run: $seen" >&2
exit 28
