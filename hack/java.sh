#!/usr/bin/env bash
# Prints the path of the java of a JDK 25, which builds and runs the operator.
set -euo pipefail
on_path=$(readlink -f "$(command -v javac || echo /none/bin/javac)")
for home in ${JAVA_HOME:+"$JAVA_HOME"} "${on_path%/bin/javac}" /usr/lib/jvm/*25* /usr/lib/jvm/*; do
	[ -x "$home/bin/javac" ] || continue
	# Not the first line: JAVA_TOOL_OPTIONS makes java say more.
	version=$("$home/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
	if [ "${version:-0}" = 25 ]; then
		echo "$home/bin/java"
		exit
	fi
done
echo "missing: a JDK 25" >&2
exit 1
