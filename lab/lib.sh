# shellcheck shell=bash
# Shared by the lab's scripts.
# Kernel arguments of every guest: mitigations=off and tsc=reliable only make the emulated CPU cheaper.
# shellcheck disable=SC2034  # for those who source this
KARGS='console=ttyS0,115200 panic=30 net.ifnames=0 quiet mitigations=off tsc=reliable nowatchdog'

# stage NAME COMMAND...: run COMMAND and say how long it took (in the background, so that errexit stays in force inside)
stage() {
  local name=$1 start rc=0; shift; start=$EPOCHREALTIME
  (set -e; "$@") & wait $! || rc=$?
  local tenths=$(((${EPOCHREALTIME/./} - ${start/./}) / 100000))
  printf '%-24s %5d.%d s%s\n' "$name" $((tenths / 10)) $((tenths % 10)) "$([ $rc = 0 ] || echo "  FAILED ($rc)")" >&2
  return $rc
}

# in_tools TOOLS DIR COMMAND...: COMMAND in the tools tree, in a mount namespace of its own (nothing to unmount), with DIR and
# the lab's sources at their own paths; $NIX_DIR, when set, is its /nix
in_tools() {
  local tools=$1 dir=$2 src; shift 2
  src=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  mkdir -p "$tools$dir" "$tools$src" "$tools/nix" ${NIX_DIR:+"$NIX_DIR"}
  # shellcheck disable=SC2016  # expanded inside
  TOOLS=$tools DIR=$dir SRC=$src unshare --mount --propagation private -- bash -euc '
    mount -t proc proc "$TOOLS/proc"; mount -t sysfs -o ro sys "$TOOLS/sys"; mount --rbind /dev "$TOOLS/dev"; mount -t tmpfs tmp "$TOOLS/tmp"
    mount --bind "$SRC" "$TOOLS$SRC"; mount --bind "$DIR" "$TOOLS$DIR"
    [ -z "${NIX_DIR:-}" ] || mount --bind "$NIX_DIR" "$TOOLS/nix"
    exec chroot "$TOOLS" env -i HOME=/root TERM=dumb PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"' _ "$@"
}
