#!/usr/bin/env bash
# keys.sh OUT (inside the tools tree): the lab's SSH key and two Nix signing keys, the second for "wrong key" tests.
set -euo pipefail
out=$1
ssh-keygen -q -t ed25519 -N "" -C lab -f "$out/id_ed25519"
for n in cache other; do nix-store --generate-binary-cache-key "lab-$n-1" "$out/$n.sec" "$out/$n.pub"; done
