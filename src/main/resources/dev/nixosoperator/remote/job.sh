#!/bin/sh
# job.sh VERB OPERATION STEP ... : detached jobs, see Jobs.java.
#   start  OPERATION STEP OWNER SIZE RUNNER INTERPRETER [ARG...] < SCRIPT
#   look   OPERATION STEP
#   watch  OPERATION STEP OFFSET SECONDS MAXBYTES
#   cancel OPERATION STEP SECONDS
# The first line printed is the state: absent | running PID LOGSIZE | exited CODE LOGSIZE | vanished WHY | locked OWNER.
set -u
umask 077
base=${NIXOS_OPERATOR_RUN:-/run/nixos-operator}
verb=$1 dir=$base/$2/$3
job=$2/$3
shift 3

die() {
	echo "$*" >&2
	exit 69
}

# The same process as the one that wrote the pid file, and not a zombie.
alive() {
	{ read -r pid started < "$dir/pid"; } 2> /dev/null || return 1
	{ read -r stat < "/proc/$pid/stat"; } 2> /dev/null || return 1
	# shellcheck disable=SC2086 # fields 3 and following of proc(5) stat
	set -- ${stat##*) }
	[ "${20}" = "$started" ] && [ "$1" != Z ] && [ "$1" != X ]
}

log_size() {
	size=$(stat -c %s "$dir/log" 2> /dev/null) || size=0
}

# Processes of the job's session but its leader, who records the end. A pid that was recycled leads another session.
members() {
	if { read -r stat < "/proc/$pid/stat"; } 2> /dev/null; then
		# shellcheck disable=SC2086 # fields 3 and following of proc(5) stat
		set -- ${stat##*) }
		[ "${20}" = "$started" ] || return
	fi
	# pid (comm) state ppid pgrp session; no zombies
	cat /proc/[0-9]*/stat 2> /dev/null |
		sed -n "s/^\([0-9]*\) (.*) [^ZX] [0-9]* [0-9]* $pid .*/\1/p" | grep -vx "$pid"
}

# Sets state to absent, running, exited or vanished, and pid. No pid file: nothing was run, whatever else lies there.
# The exit code is looked for again after the process, which may have ended in between. Where only the leader was
# killed the rest of its session still runs; its pid cannot be given to another process as long as that lives.
observe() {
	if [ -e "$dir/exit" ]; then
		state=exited
	elif alive; then
		state=running
	elif [ -e "$dir/exit" ]; then
		state=exited
	elif [ ! -e "$dir/pid" ]; then
		state=absent
	elif ! same_boot || [ -z "$(members)" ]; then
		state=vanished
	else
		state=running
	fi
}

same_boot() {
	[ "$(cat "$dir/boot-id")" = "$(cat /proc/sys/kernel/random/boot_id)" ]
}

print_state() {
	case $state in
	running) log_size && echo "running $pid $size" ;;
	exited) log_size && echo "exited $(cat "$dir/exit") $size" ;;
	vanished)
		if same_boot; then
			echo "vanished its processes ended without an exit code; they were killed from outside"
		else
			echo "vanished the machine was restarted while it ran"
		fi
		;;
	*) echo "$state" ;;
	esac
}

# Sleeps 0.2 s, short enough to see the end within 0.3 s; a second where sleep knows no fractions.
tick() {
	if sleep 0.2 2> /dev/null; then
		ticks=$((ticks - 1))
	else
		sleep 1
		ticks=$((ticks - 5))
	fi
}

start() {
	owner=$1 expected=$2 runner=$3
	shift 3
	for tool in flock setsid "$1"; do
		command -v "$tool" > /dev/null || die "$tool is missing on this machine"
	done
	mkdir -p "$base" || die "cannot create $base"
	# Read first: a connection that stalls must not hold the start lock.
	incoming=$(mktemp "$base/.script.XXXXXXXX") || die "cannot write to $base"
	trap 'rm -f "$incoming"' EXIT
	cat > "$incoming"
	got=$(wc -c < "$incoming")
	[ "$got" -eq "$expected" ] || die "$((got)) of $expected bytes of the script arrived"

	# Held until the job has written its pid or died, for the runner inherits it: whoever gets it sees a started job
	# or none.
	exec 8>> "$base/start.lock"
	flock 8
	observe
	if [ "$state" = absent ]; then
		exec 9>> "$base/lock"
		if ! flock -n 9; then
			echo "locked $(head -n 1 "$base/owner")"
			return
		fi
		launch "$@"
		observe
		[ "$state" != absent ] || die "the job did not start: $(tail -c 500 "$dir/log")"
	fi
	print_state
}

launch() {
	rm -rf "$dir"
	mkdir -p "$dir" || die "cannot create $dir"
	printf '%s\n%s\n' "$owner" "$job" > "$base/owner.tmp" || die "cannot write to $base"
	mv "$base/owner.tmp" "$base/owner" || die "cannot write to $base"
	mv "$incoming" "$dir/script" || die "cannot write script"
	cat /proc/sys/kernel/random/boot_id > "$dir/boot-id" || die "cannot write boot-id"
	interpreter=$1
	shift
	setsid sh -c "$runner" job-run.sh "$dir" "$interpreter" "$@" < /dev/null > "$dir/log" 2>&1 &
	exec 9>&-
	leader=$!
	while [ ! -e "$dir/pid" ] && kill -0 "$leader" 2> /dev/null; do
		sleep 0.02 2> /dev/null || sleep 1
	done
}

# Returns at the end of the job, when the log has grown (a second later, to gather lines) or after the time.
watch() {
	offset=$1 max=$3
	ticks=$(($2 * 5)) gather=5
	while :; do
		observe
		[ "$state" = running ] || break
		log_size
		if [ "$size" -gt "$offset" ]; then
			gather=$((gather - 1))
		fi
		if [ "$size" -ge $((offset + max)) ] || [ "$gather" -lt 0 ] || [ "$ticks" -le 0 ]; then
			break
		fi
		tick
	done
	print_state
	[ "$state" = absent ] || tail -c "+$((offset + 1))" "$dir/log" 2> /dev/null | head -c "$max" | base64
}

# Signals all but the leader and waits until all are gone, SECONDS at most.
end_with() {
	signal=$1 ticks=$(($2 * 5))
	# shellcheck disable=SC2046 # pids
	kill -s "$signal" $(members) 2> /dev/null
	while remains && [ "$ticks" -gt 0 ]; do
		tick
		# shellcheck disable=SC2046 # pids; there may be new ones
		[ "$signal" = TERM ] || kill -s "$signal" $(members) 2> /dev/null
	done
}

# The script may have ended, and a child of it not.
remains() {
	observe
	[ "$state" = running ] || [ -n "$(members)" ]
}

cancel() {
	observe
	if [ "$state" = running ]; then
		end_with TERM "$1"
		! remains || end_with KILL 2
	fi
	# The leader itself hangs: end it and write down what it cannot.
	if [ "$state" = running ] && kill -s KILL "$pid"; then
		echo 137 > "$dir/exit.tmp" && mv "$dir/exit.tmp" "$dir/exit"
		observe
	fi
	print_state
}

case $verb in
start) start "$@" ;;
look) observe && print_state ;;
watch) watch "$@" ;;
cancel) cancel "$@" ;;
*) die "unknown verb $verb" ;;
esac
