#!/bin/sh
# kexec.sh DIR URL SHA256 SECONDS FLAGS : job; get the archive (URL; empty: DIR/archive was uploaded), check it, unpack it, run kexec/run.
# FLAGS are words for kexec, possibly none. A line "::failed WHAT" tells what went wrong.
set -u
umask 077
dir=$1 url=$2 sha256=$3 seconds=$4 flags=$5

fail() {
	echo "::failed $1"
	exit 1
}

# A transfer that gives no byte for a minute is at its end.
download() {
	if command -v curl > /dev/null; then
		curl --fail --location --silent --show-error --retry 3 --retry-max-time "$seconds" --max-time "$seconds" \
			--connect-timeout 30 --speed-limit 1 --speed-time 60 --output archive.part -- "$url"
	elif command -v wget > /dev/null; then
		# busybox knows no --tries, and tries once
		if wget --help 2>&1 | grep -q -e --tries; then set -- --tries=3; else set --; fi
		timeout "$seconds" wget -q -T 60 "$@" -O archive.part "$url"
	else
		echo "neither curl nor wget is on this machine"
		return 1
	fi
}

# unpack [PROGRAM] : older tar programs need to be told how the archive is packed
unpack() {
	if [ $# -eq 0 ]; then
		tar -xf archive || fail unpack
		return
	fi
	command -v "$1" > /dev/null || {
		echo "it is packed with $1, which is not on this machine; install $1, or give an archive in .tar.gz in spec.install.kexec.image"
		fail tool
	}
	# Without pipefail only tar's end would be seen.
	{ "$1" -dc archive || echo > broken; } | tar -xf - || fail unpack
	[ ! -e broken ] || fail unpack
}

# How kexec is told to load. A try before this one came as far as kexec/run, and this system still runs: another system
# call may lead further (nixos-anywhere#112), unless the flags choose one.
system_call() {
	case " $flags " in
	*' -a '* | *' -c '* | *' -s '* | *' --kexec-syscall '* | *' --kexec-syscall-auto '* | *' --kexec-file-syscall '*) return ;;
	esac
	case $(($(wc -l < tries) % 3)) in
	1) echo --kexec-syscall ;;
	2) echo --kexec-file-syscall ;;
	esac
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
rm -rf kexec broken
# By content, not by name.
case $(head -c 6 archive | od -An -tx1 | tr -d ' \n') in
1f8b*) unpack gzip ;;
fd377a585a00) unpack xz ;;
28b52ffd*) unpack zstd ;;
*) unpack ;;
esac
[ -x kexec/run ] || fail layout
rm -f archive
echo "::step 4/4 kexec"
touch tries
call=$(system_call)
echo >> tries
words=$flags${flags:+${call:+ }}$call
set --
if [ -n "$words" ] && grep -q -e --kexec-extra-flags kexec/run; then
	# One argument, which the image's script splits.
	set -- --kexec-extra-flags "$words"
elif [ -n "$flags" ]; then
	fail flags
fi
TMPDIR=$dir ./kexec/run "$@" < /dev/null || fail run
