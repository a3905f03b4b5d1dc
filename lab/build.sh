#!/usr/bin/env bash
# build.sh: builds what the lab needs, from Debian's packages alone, and prints the path of a properties file (KEY=VALUE, also readable
# by a shell) that tells where it is. Every artefact is cached by a hash of what it is made from; when all is there this is instant.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); . "$here/lib.sh"
lab=${NIXOS_OPERATOR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/nixos-operator}/lab
mkdir -p "$lab"; lab=$(cd "$lab" && pwd)
# exit status 3: cannot be built on such a machine
[ "$(id -u)" = 0 ] || { echo "lab/build.sh: root (it uses chroot)" >&2; exit 3; }
if [ "$(uname -m)" != x86_64 ] || ! command -v apt-get > /dev/null; then echo "lab/build.sh: Debian on x86_64" >&2; exit 3; fi

hash() { sha256sum | cut -c1-12; }
# where NAME, made from the files and strings that follow, is or will be
path() { local name=$1 x; shift; echo "$lab/$name-$(for x; do if [ -f "$x" ]; then cat "$x"; else echo "$x"; fi; done | hash)"; }
# make DIR COMMAND... : COMMAND fills DIR.tmp, which then becomes DIR
make() {
  local dir=$1; shift
  [ ! -d "$dir" ] || { touch "$dir"; return 0; }
  rm -rf "$dir.tmp"; mkdir -p "$dir.tmp"
  stage "$(basename "$dir")" "$@" >&2
  mv "$dir.tmp" "$dir"
  # what no checkout used for a week
  find "$lab" -mindepth 1 -maxdepth 1 -name "$(basename "${dir%-*}")-????????????" -mtime +7 -exec rm -rf {} +
}

tools=$(path tree-tools "$here/tree.sh" "$here/packages/tools")
target_tree=$(path tree-target "$here/tree.sh" "$here/packages/target")
installer_tree=$(path tree-installer "$here/tree.sh" "$here/packages/installer")
modules_tree=$(path tree-modules "$here/tree.sh" "$here/packages/modules")
modules=$(path modules "$modules_tree" "$here/modules.sh")
keys=$(path keys "$here/keys.sh")
target=$(path target "$target_tree" "$keys" "$here"/{lib,target,grub-embed}.sh)
installer=$(path installer "$installer_tree" "$modules" "$here"/{lib,installer}.sh "$here"/installer/*)
systems=$(path systems "$installer_tree" "$keys" "$here"/{lib,systems}.sh "$here"/system/*)
env=$(path env "$here/build.sh" "$tools" "$target" "$installer" "$systems")

trees() {
  local pids=() p
  make "$tools" "$here/tree.sh" "$here/packages/tools" "$tools.tmp" & pids+=($!)
  make "$target_tree" "$here/tree.sh" "$here/packages/target" "$target_tree.tmp" & pids+=($!)
  make "$installer_tree" "$here/tree.sh" "$here/packages/installer" "$installer_tree.tmp" & pids+=($!)
  {
    make "$modules_tree" "$here/tree.sh" "$here/packages/modules" "$modules_tree.tmp"
    make "$modules" "$here/modules.sh" "$modules_tree" "$modules.tmp"
  } & pids+=($!)
  for p in "${pids[@]}"; do wait "$p"; done
}
build() {
  if ! command -v mmdebstrap > /dev/null || ! command -v ssh-keygen > /dev/null; then
    stage apt-get env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get -qq update && apt-get -qq install -y --no-install-recommends mmdebstrap debian-archive-keyring openssh-client' >&2
  fi
  find "$lab" -mindepth 1 -maxdepth 1 -name 'saved-*' -mtime +7 -exec rm -rf {} +
  trees
  make "$keys" in_tools "$tools" "$lab" "$here/keys.sh" "$keys.tmp"
  make "$target" in_tools "$tools" "$lab" "$here/target.sh" "$target_tree" "$keys" "$target.tmp"
  make "$installer" in_tools "$tools" "$lab" "$here/installer.sh" "$installer_tree" "$modules" "$installer.tmp"
  NIX_DIR=$systems.tmp/nix make "$systems" in_tools "$tools" "$lab" "$here/systems.sh" "$installer_tree" "$keys" "$systems.tmp"
  mkdir -p "$env"
  cat > "$env/lab.tmp" <<P
TARGET_IMAGE=$target/target.qcow2
TARGET_HOST_KEY=$target/ssh_host_ed25519_key.pub
INSTALLER=$installer/installer.tar.gz
INSTALLER_SHA256=$(cat "$installer/installer.sha256")
SSH_KEY=$keys/id_ed25519
$(cat "$systems/systems.properties")
BINARY_CACHE=$systems/cache
BINARY_CACHE_PUBLIC_KEY=$(cat "$keys/cache.pub")
BINARY_CACHE_SECRET_KEY=$keys/cache.sec
WRONG_PUBLIC_KEY=$(cat "$keys/other.pub")
TOOLS=$tools
P
  mv "$env/lab.tmp" "$env/lab.properties"
}

if [ ! -f "$env/lab.properties" ]; then
  exec 9> "$lab/.lock"; flock 9
  [ -f "$env/lab.properties" ] || stage total build 9>&-
fi
touch "$tools" "$target_tree" "$installer_tree" "$modules_tree" "$modules" "$keys" "$target" "$installer" "$systems" "$env"
echo "$env/lab.properties"
