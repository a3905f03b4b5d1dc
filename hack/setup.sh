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
	[sgdisk]=gdisk
	[partx]=util-linux
	[losetup]=mount
	[mkfs.ext4]=e2fsprogs
	[mkfs.vfat]=dosfstools
	[jq]=jq
	[curl]=curl
	[flock]=util-linux
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
	# A test server of its own is all that is wanted of openssh-server.
	printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d.nixos-operator
	chmod 755 /usr/sbin/policy-rc.d.nixos-operator
	[ -e /usr/sbin/policy-rc.d ] || cp /usr/sbin/policy-rc.d.nixos-operator /usr/sbin/policy-rc.d
	apt-get install -q -y --no-install-recommends "${packages[@]}" >&2
	cmp -s /usr/sbin/policy-rc.d.nixos-operator /usr/sbin/policy-rc.d && rm /usr/sbin/policy-rc.d
	rm /usr/sbin/policy-rc.d.nixos-operator
fi
command -v go >/dev/null || { echo "missing: Go, to build the API server" >&2; exit 1; }
command -v mvn >/dev/null || { echo "missing: Maven 3.8 or newer" >&2; exit 1; }
