#!/bin/sh
# network.sh : by which device our connection comes in, and what an installer must know to restore it, as KEY=VALUE lines; read by
# phase.Network. Writes nothing. NIXOS_OPERATOR_ROOT: prefix of all files, for tests.
#   net.device=NAME  net.kind=ethernet|virtual|wifi|bond|bridge|vlan|team|tunnel  net.local=ADDRESS  net.dynamic=yes|no  net.routes=DEFAULT...
#   net.shadow=NAME of a device with the same hardware address whose unit the installer reads first  net.port=yes: a real device has it
#   net.addresses=ADDRESS@DEVICE...
set -u
LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin:/run/current-system/sw/bin
export LC_ALL PATH
root=${NIXOS_OPERATOR_ROOT:-}
net=$root/sys/class/net

say() {
	printf '%s=%s\n' "$1" "$2"
}

# "CLIENT PORT ADDRESS PORT". sudo takes the variable away; a parent still has it.
connection() {
	if [ -n "${SSH_CONNECTION:-}" ]; then
		echo "$SSH_CONNECTION"
		return
	fi
	pid=$$
	for _ in 1 2 3 4 5 6 7 8; do
		pid=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status")
		[ "${pid:-0}" -gt 1 ] || return
		found=$(tr '\000' '\n' < "/proc/$pid/environ" | sed -n 's/^SSH_CONNECTION=//p')
		if [ -n "$found" ]; then
			echo "$found"
			return
		fi
	done
}

# All addresses but those of lo: DEVICE ADDRESS yes|no, the last for one that a server gave for a while.
addresses() {
	ip -o address show | while read -r _ device _ address rest; do
		[ "$device" != lo ] || continue
		case " $rest " in *' dynamic '*) dynamic=yes ;; *) dynamic=no ;; esac
		echo "${device%%@*} ${address%%/*} $dynamic"
	done
}

# https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-class-net; type 1 is Ethernet
kind() {
	at=$net/$1
	devtype=$(sed -n 's/^DEVTYPE=//p' "$at/uevent")
	if [ -e "$at/wireless" ] || [ -e "$at/phy80211" ] || [ "$devtype" = wlan ]; then
		echo wifi
	elif [ -d "$at/bonding" ]; then
		echo bond
	elif [ -d "$at/bridge" ]; then
		echo bridge
	elif [ -e "$root/proc/net/vlan/$1" ] || [ "$devtype" = vlan ]; then
		echo vlan
	elif ip -o -d link show dev "$1" | grep -q ' team '; then
		echo team
	elif [ -e "$at/tun_flags" ] || [ "$(cat "$at/type")" != 1 ]; then
		echo tunnel
	else
		case $devtype in
		wireguard | vxlan | geneve | gretap) echo tunnel ;;
		*) if [ -e "$at/device" ]; then echo ethernet; else echo virtual; fi ;;
		esac
	fi
}

# Others with the hardware address of $1. The installer matches its units, 00-NAME.network, by that address, the first wins.
same_address() {
	mac=$(cat "$net/$1/address")
	for other in "$net"/*; do
		name=${other##*/}
		if [ "$name" != "$1" ] && [ "$name" != lo ] && [ "$(cat "$other/address")" = "$mac" ]; then echo "$name"; fi
	done
}

network() {
	all=$(addresses)
	here=$(connection | cut -d ' ' -f 3)
	here=${here#::ffff:}
	device=
	case $here in
	*%*) device=${here#*%} here=${here%%\%*} ;;
	?*) device=$(echo "$all" | while read -r name address _; do [ "$address" != "$here" ] || echo "$name"; done | head -n 1) ;;
	esac
	# Behind a translation of addresses we come by the default route.
	[ -n "$device" ] || device=$({ ip -4 route show default; ip -6 route show default; } | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
	say net.routes "$({ ip -4 route show default; ip -6 route show default; } | tr -s ' ' | tr '\n' ';')"
	say net.addresses "$(echo "$all" | while read -r name address _; do [ -z "$name" ] || printf '%s@%s ' "$address" "$name"; done)"
	[ -n "$device" ] && [ -d "$net/$device" ] || return
	say net.device "$device"
	say net.kind "$(kind "$device")"
	say net.local "$here"
	say net.dynamic "$(echo "$all" | while read -r name address dynamic; do
		if [ "$name" = "$device" ] && { [ "$address" = "$here" ] || [ -z "$here" ]; }; then echo "$dynamic"; fi
	done | sort -r | head -n 1)"
	twins=$(same_address "$device")
	first=$(printf '%s\n' "$device" "$twins" | grep . | sed 's/$/.network/' | sort | head -n 1)
	[ "$first" = "$device.network" ] || say net.shadow "${first%.network}"
	for twin in $device $twins; do
		[ ! -e "$net/$twin/device" ] || say net.port yes
	done
}

if command -v ip > /dev/null; then network 2> /dev/null; fi
