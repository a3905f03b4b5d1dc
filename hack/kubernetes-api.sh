#!/usr/bin/env bash
# Prints a directory that holds kube-apiserver, etcd and kubectl, and nothing else on stdout.
#
# KUBEBUILDER_ASSETS wins where it is complete (`setup-envtest use -p path` fills one from the official
# archives). Otherwise the three are built once from Go modules, which needs Go and a module proxy, and
# kept in the cache under the Kubernetes version and the hash of this script.
set -euo pipefail

kubernetes=1.36.3

exec 3>&1 1>&2 # only the answer goes to stdout

complete() {
  local tool
  for tool in kube-apiserver etcd kubectl; do [ -x "$1/$tool" ] || return 1; done
}

answer() {
  printf '%s\n' "$1" >&3
  exit 0
}

stage() { # NAME : prints the seconds since the stage before
  echo "kubernetes-api: $1: $((SECONDS - since)) s"
  since=$SECONDS
}

# `go install` refuses k8s.io/kubernetes, whose go.mod replaces the staging modules by folders of its own
# repository; and a replacement counts in the main module only. So be the main module, and replace them
# by what the project publishes of the same release: v1.Y.Z belongs to v0.Y.Z.
write_module() {
  local upstream module
  upstream=$(go mod download -json "k8s.io/kubernetes@v$kubernetes" | sed -n 's/^[[:space:]]*"GoMod": "\(.*\)".*/\1/p')
  {
    echo "module kubernetes-api"
    grep -E '^(go|godebug) ' "$upstream"
    echo "require k8s.io/kubernetes v$kubernetes"
    # The etcd that this release of Kubernetes is tested with.
    echo "require $(grep -oE 'go\.etcd\.io/etcd/server/v3 v[^ ]+' "$upstream")"
    grep -oE 'k8s\.io/[^ ]+ => \./staging/' "$upstream" | while read -r module _; do
      case $module in
        # Imported by tests alone, and not always published.
        k8s.io/sample-*) echo "replace $module => ./unused" ;;
        *) echo "replace $module => $module v0.${kubernetes#1.}" ;;
      esac
    done
  } >go.mod
  mkdir unused
  echo "module unused" >unused/go.mod
}

build() { # NAME PACKAGE
  CGO_ENABLED=0 nice go build -trimpath -ldflags "$ldflags" -o "bin/$1" "$2"
}

if [ -n "${KUBEBUILDER_ASSETS:-}" ] && complete "$KUBEBUILDER_ASSETS"; then answer "$(realpath "$KUBEBUILDER_ASSETS")"; fi

cache=${NIXOS_OPERATOR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/nixos-operator}/kubernetes-api
hash=$(sha256sum <"${BASH_SOURCE[0]}")
wanted=$cache/$kubernetes-${hash:0:12}
if complete "$wanted"; then answer "$wanted"; fi

command -v go >/dev/null || {
  echo "kubernetes-api: neither KUBEBUILDER_ASSETS nor go to build a Kubernetes API server with"
  exit 1
}
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
if complete "$wanted"; then answer "$wanted"; fi # built while we waited

rm -rf "$cache"/building.* # of a killed build: the lock says that nobody uses it
work=$(mktemp -d "$cache/building.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
# The settings of the caller's shell must not reach a build that is cached by the script's hash.
export GOFLAGS=-mod=mod GOWORK=off

ldflags="-s -w"
minor=${kubernetes#1.}
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  ldflags+=" -X $package.gitVersion=v$kubernetes -X $package.gitMajor=1 -X $package.gitMinor=${minor%%.*}"
done

echo "kubernetes-api: building Kubernetes $kubernetes once, about ten minutes on two cores"
since=$SECONDS
write_module
stage "module"
build kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver
stage "kube-apiserver"
build kubectl k8s.io/kubernetes/cmd/kubectl
stage "kubectl"
build etcd go.etcd.io/etcd/server/v3
stage "etcd"
complete bin
rm -rf "$wanted"
mv bin "$wanted"
answer "$wanted"
