#!/usr/bin/env bash
# What the tests and the demo need of this machine: Debian packages (installed where they are missing, as root), a JDK 25 for
# Maven's toolchains, Go for the API server. Everything else the scripts make themselves, in the cache.
set -euo pipefail

# command => package
declare -A needed=(
	[shellcheck]=shellcheck
	[sshd]=openssh-server
	[ssh]=openssh-client
	[sudo]=sudo
	[doas]=opendoas
	[sgdisk]=gdisk
	[partx]=util-linux
	[losetup]=mount
	[mkfs.ext4]=e2fsprogs
	[mkfs.vfat]=dosfstools
	[mkfs.xfs]=xfsprogs
	[mkfs.btrfs]=btrfs-progs
	[mkfs.f2fs]=f2fs-tools
	[mkfs.exfat]=exfatprogs
	[mkfs.ntfs]=ntfs-3g
	[parted]=parted
	[sfdisk]=fdisk
	[xz]=xz-utils
	[openssl]=openssl
	[python3]=python3
	[useradd]=passwd
	[curl]=curl
	[flock]=util-linux
	[ip]=iproute2
	[ps]=procps
)
packages=()
for command in "${!needed[@]}"; do
	PATH=$PATH:/usr/sbin:/sbin command -v "$command" >/dev/null || packages+=("${needed[$command]}")
done
if [ ${#packages[@]} -gt 0 ]; then
	if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
		echo "missing, and this is not root on Debian: ${packages[*]}" >&2
		exit 1
	fi
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -q >&2
	# Of openssh-server only the program is wanted: no service of it is to be started here.
	policy=/usr/sbin/policy-rc.d
	if [ ! -e $policy ]; then
		trap 'rm -f /usr/sbin/policy-rc.d' EXIT
		printf '#!/bin/sh\nexit 101\n' >$policy
		chmod 755 $policy
	fi
	apt-get install -q -y --no-install-recommends "${packages[@]}" >&2
fi
"$(dirname "$0")/java.sh" >/dev/null
command -v go >/dev/null || { echo "missing: Go, to build the API server" >&2; exit 1; }
command -v mvn >/dev/null || { echo "missing: Maven 3.8 or newer" >&2; exit 1; }
