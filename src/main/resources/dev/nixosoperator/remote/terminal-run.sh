#!/bin/sh
# terminal-run.sh TOKEN LENGTH COMMAND [ARG...] : runs a command as if it were not on a terminal: its stdin are the next
# LENGTH bytes, its stdout comes as it is, its stderr after a line "TOKEN end CODE". A line "TOKEN ready" says that the
# bytes may be sent.
token=$1 length=$2
shift 2
stty raw -echo -opost 2> /dev/null
errors=$(mktemp) || exit 71
trap 'rm -f "$errors"' EXIT
printf '%s ready\n' "$token"
head -c "$length" | "$@" 2> "$errors"
code=$?
printf '%s end %s\n' "$token" "$code"
cat "$errors"
exit "$code"
