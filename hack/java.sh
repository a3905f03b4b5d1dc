#!/usr/bin/env bash
# Prints the path of a java that runs the operator (25 or newer).
set -euo pipefail
for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/*; do
	version=$("$home/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p;q' || true)
	if [ "${version:-0}" -ge 25 ]; then
		echo "$home/bin/java"
		exit
	fi
done
echo "missing: a JDK 25" >&2
exit 1
