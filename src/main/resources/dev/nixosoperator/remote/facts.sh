#!/bin/sh
# facts.sh : what the coming steps need to know, as KEY=VALUE lines; read by phase.Reading. Writes nothing.
# NIXOS_OPERATOR_ROOT: prefix of all files, for tests.
set -u
LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin:/run/current-system/sw/bin:/run/wrappers/bin
export LC_ALL PATH
root=${NIXOS_OPERATOR_ROOT:-}

say() {
	printf '%s=%s\n' "$1" "$2"
}

first_line() {
	{ IFS= read -r line < "$1"; } 2> /dev/null && printf '%s' "$line"
}

memory() {
	kib=$(sed -n "s/^$2: *\([0-9]*\) kB\$/\1/p" "$root/proc/meminfo" 2> /dev/null)
	[ -z "$kib" ] || say "$1" $((kib / 1024))
}

# What systemd says, or else what container managers leave behind.
container() {
	kind=
	if [ -z "$root" ] && command -v systemd-detect-virt > /dev/null; then
		kind=$(systemd-detect-virt --container)
	fi
	if [ -n "$kind" ]; then
		echo "$kind"
	elif [ -e "$root/.dockerenv" ]; then
		echo docker
	elif [ -e "$root/run/.containerenv" ]; then
		echo podman
	elif tr '\000' '\n' < "$root/proc/1/environ" 2> /dev/null | grep -q '^container=.'; then
		tr '\000' '\n' < "$root/proc/1/environ" | sed -n 's/^container=//p'
	elif [ -d "$root/proc/vz" ] && [ ! -d "$root/proc/bc" ]; then
		echo openvz
	else
		echo none
	fi
}

# Whether the firmware checks signatures: the last of the five bytes of the EFI variable (UEFI 3.3).
secure_boot() {
	variables=$root/sys/firmware/efi/efivars
	variable=$variables/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
	if [ ! -d "$root/sys/firmware/efi" ]; then
		echo no
	elif [ -r "$variable" ]; then
		case $(tail -c 1 "$variable" | tr '\000\001' '01') in
			0) echo no ;;
			1) echo yes ;;
			*) echo unknown ;;
		esac
	elif [ -n "$(ls -A "$variables")" ]; then
		echo no
	else
		echo unknown
	fi
}

# The kernel's own word on kexec; newer kernels have it in a directory.
kexec_core() {
	if [ -e "$root/sys/kernel/kexec_loaded" ] || [ -e "$root/sys/kernel/kexec/loaded" ]; then
		echo yes
	elif [ -d "$root/sys/kernel" ]; then
		echo no
	else
		echo unknown
	fi
}

virtualization() {
	if [ -z "$root" ] && command -v systemd-detect-virt > /dev/null; then
		systemd-detect-virt --vm
	else
		first_line "$root/sys/class/dmi/id/sys_vendor"
	fi
}

ipv6_only() {
	command -v ip > /dev/null || return 0
	if ip -4 route get 1.1.1.1 > /dev/null 2>&1; then
		say ipv6_only no
	elif ip -6 route get 2606:4700:4700::1111 > /dev/null 2>&1; then
		say ipv6_only yes
	fi
}

say uid "$(id -u)"
memory memory.total MemTotal
memory memory.available MemAvailable
say container "$(container 2> /dev/null)"
say virtualization "$(virtualization 2> /dev/null)"
for tool in tar cpio setsid flock base64 sha256sum mktemp curl wget gzip xz zstd nix nix-store nixos-install lsblk blkid wipefs; do
	if command -v "$tool" > /dev/null; then say "tool.$tool" yes; else say "tool.$tool" no; fi
done
if [ -d "$root/sys/firmware/efi" ]; then say boot_mode UEFI; else say boot_mode BIOS; fi
say secure_boot "$(secure_boot 2> /dev/null)"
say board "$({ tr -d '\000\n' < "$root/proc/device-tree/model"; } 2> /dev/null)"
say kexec.core "$(kexec_core)"
say kexec.disabled "$(first_line "$root/proc/sys/kernel/kexec_load_disabled")"
say kexec.lockdown "$(sed -n 's/.*\[\(.*\)\].*/\1/p' "$root/sys/kernel/security/lockdown" 2> /dev/null)"
if [ "$(first_line "$root/sys/hypervisor/type")" = xen ] && [ "$(first_line "$root/sys/hypervisor/guest_type")" != HVM ] && [ "$(first_line "$root/sys/hypervisor/guest_type")" != PVH ]; then
	say xen_pv yes
else
	say xen_pv no
fi
ipv6_only
say facts.end yes
