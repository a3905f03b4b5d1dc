#!/bin/sh
# kexec.sh DIR URL SHA256 SECONDS : job; get the archive (URL; empty: DIR/archive was uploaded), check it, unpack it, run kexec/run.
# A line "::failed WHAT" tells what went wrong.
set -u
umask 077
dir=$1 url=$2 sha256=$3 seconds=$4

fail() {
	echo "::failed $1"
	exit 1
}

download() {
	if command -v curl > /dev/null; then
		curl --fail --location --silent --show-error --retry 3 --max-time "$seconds" --output "$dir/archive.part" -- "$url"
	elif command -v wget > /dev/null; then
		timeout "$seconds" wget -q -T 60 -O "$dir/archive.part" -- "$url"
	else
		echo "neither curl nor wget is on this machine"
		return 1
	fi
}

mkdir -p "$dir" || fail directory
cd "$dir" || fail directory
if [ -n "$url" ]; then
	echo "::step 1/4 download"
	rm -f archive archive.part
	download || fail download
	mv archive.part archive || fail download
fi
[ -f archive ] || fail archive
echo "::step 2/4 check"
if [ -n "$sha256" ]; then
	got=$(sha256sum archive | cut -d ' ' -f 1)
	[ "$got" = "$sha256" ] || {
		echo "sha256 is $got, wanted $sha256"
		fail checksum
	}
fi
echo "::step 3/4 unpack"
rm -rf kexec
# By content, not by name; older tar programs need to be told.
case $(head -c 6 archive | od -An -tx1 | tr -d ' \n') in
1f8b*) gzip -dc archive | tar -xf - || fail unpack ;;
fd377a585a00) xz -dc archive | tar -xf - || fail unpack ;;
28b52ffd*) zstd -dc archive | tar -xf - || fail unpack ;;
*) tar -xf archive || fail unpack ;;
esac
[ -x kexec/run ] || fail layout
rm -f archive
echo "::step 4/4 kexec"
TMPDIR=$dir ./kexec/run < /dev/null || fail run
