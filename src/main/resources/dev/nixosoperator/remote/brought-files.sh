#!/bin/sh
# brought-files.sh claim PATH... : notes that these files are brought for a job. Prints the first one that is there and was not noted, for it is
# somebody else's, and notes nothing then.
# brought-files.sh forget PATH... : removes those of them that were noted.
# Runs as root on a system that runs; the list is gone with its boot, and the scripts of jobs remove it with the files.
set -u
umask 077
list=${NIXOS_OPERATOR_ROOT:-}/run/nixos-operator/keys

noted() { grep -qxF -e "$1" "$list" 2> /dev/null; }

action=$1
shift
case $action in
claim)
	for path; do
		if { [ -e "$path" ] || [ -L "$path" ]; } && ! noted "$path"; then
			echo "$path"
			exit 1
		fi
	done
	mkdir -p "${list%/*}" && printf '%s\n' "$@" >> "$list"
	;;
forget)
	for path; do
		! noted "$path" || rm -f -- "$path"
	done
	rm -f -- "$list"
	;;
esac
