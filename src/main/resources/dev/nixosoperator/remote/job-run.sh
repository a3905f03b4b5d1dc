#!/bin/sh
# job-run.sh DIR INTERPRETER [ARG...] : leads the session of a job. Started by job.sh with
# 8 = the start lock, 9 = the machine's lock. Every process of the job inherits 9, so the lock lives as long as they do.
dir=$1 interpreter=$2
shift 2

# Our own pid with the start time (field 22 of proc(5) stat), so that a recycled pid is not taken for ours.
read -r stat < "/proc/$$/stat"
# shellcheck disable=SC2086 # fields 3 and following of the line
started=$(set -- ${stat##*) } && echo "${20}")
echo "$$ $started" > "$dir/pid.tmp" && mv "$dir/pid.tmp" "$dir/pid" || exit 1
exec 8>&-

# A signal for the whole group ends the script, and we stay to record that.
trap : HUP INT TERM
export LVM_SUPPRESS_FD_WARNINGS=1
"$interpreter" "$dir/script" "$@"
code=$?

# Unlocks for processes that were left behind too, and before the end can be seen: the next job may start at once.
flock -u 9
exec 9>&-
echo "$code" > "$dir/exit.tmp" && mv "$dir/exit.tmp" "$dir/exit"
