#!/bin/sh
# traces.sh : what the machine kept of a kexec that failed, a few lines of each: crash records of the firmware (pstore), the kernel's log
# of the boot before this one, and of this one. Writes nothing. NIXOS_OPERATOR_ROOT: prefix of all files, for tests.
set -u
PATH=$PATH:/usr/sbin:/sbin:/run/current-system/sw/bin
export PATH
root=${NIXOS_OPERATOR_ROOT:-}

# told TITLE : the last lines of what comes in, if anything does
told() {
	lines=$(tail -n 12 | cut -c 1-300)
	[ -z "$lines" ] || printf '%s\n' "--- $1" "$lines"
}

# systemd-pstore empties the firmware's store at boot.
for file in "$root"/sys/fs/pstore/* "$root"/var/lib/systemd/pstore/*/* "$root"/var/lib/systemd/pstore/*; do
	[ ! -f "$file" ] || [ -z "$(find "$file" -mmin -60 2> /dev/null)" ] || told "${file#"$root"}" < "$file"
done | head -n 40
journalctl --boot=-1 --dmesg --no-pager --quiet --lines=12 2> /dev/null | told 'the kernel in the boot before'
dmesg 2> /dev/null | told 'the kernel in this boot'
exit 0
