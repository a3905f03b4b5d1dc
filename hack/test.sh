#!/usr/bin/env bash
# All tests: unit, protocol, API server, lab. Prints the seconds of each stage. Arguments go to Maven.
set -euo pipefail
cd "$(dirname "$0")/.."
# The format check needs Maven on a JDK that can parse the code.
java=$(hack/java.sh)
export JAVA_HOME=${java%/bin/java}

stage() {
	local name=$1 began=$SECONDS
	shift
	"$@"
	stages+=("$(printf '%-34s %5d s' "$name" $((SECONDS - began)))")
}

stages=()
trap 'printf "%s\n" "" "${stages[@]}" "$(printf "%-34s %5d s" total "$SECONDS")"' EXIT
stage "Debian packages" hack/setup.sh
stage "Kubernetes API server" hack/kubernetes-api.sh
stage "lab" lab/build.sh
stage "mvn verify" mvn --batch-mode --no-transfer-progress verify "$@"
