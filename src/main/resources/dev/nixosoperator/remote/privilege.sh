#!/bin/sh
# privilege.sh METHOD GIVEN < PASSWORD : how this user becomes root. METHOD is AUTO, NONE, SUDO or DOAS; GIVEN is yes when
# there is a password. The last line of stdout is the answer: ROOT, SUDO, DOAS, FED (sudo with the password on stdin), or
# ASK and the programs that must be tried on a terminal; without any the words of sudo and doas are on stderr.
method=$1 given=$2
# The words are read.
LC_ALL=C
export LC_ALL

if [ "$(id -u)" = 0 ]; then
	echo ROOT
	exit
fi
if [ "$method" = NONE ]; then
	echo "the user is not root" >&2
	exit 77
fi
wanted() {
	[ "$method" = AUTO ] || [ "$method" = "$1" ] && command -v "$2" > /dev/null
}
terminal=
found=
# What is tried is what will be run, a shell: rules may differ by program.
if wanted SUDO sudo; then
	found=1
	words=$(sudo -n -- sh -c : 2>&1 < /dev/null) && echo SUDO && exit
	case $words in
		*tty*) terminal=SUDO ;;
	esac
	[ -n "$terminal" ] || [ "$given" = yes ] || printf '%s\n' "$words" >&2
fi
if wanted DOAS doas; then
	found=1
	words=$(doas -n -- sh -c : 2>&1 < /dev/null) && echo DOAS && exit
	case $words in
		*[Aa]uth*) [ "$given" = yes ] && terminal="$terminal DOAS" || printf '%s\n' "$words" >&2 ;;
		*) printf '%s\n' "$words" >&2 ;;
	esac
fi
if [ "$given" = yes ] && [ "${terminal#SUDO}" = "$terminal" ] && wanted SUDO sudo; then
	sudo -k -S -p '' -- sh -c : && echo FED && exit
fi
[ -n "$found" ] || echo "there is no sudo and no doas" >&2
[ -n "$terminal" ] && echo "ASK $terminal" && exit
exit 77
