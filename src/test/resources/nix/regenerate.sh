#!/usr/bin/env bash
# regenerate.sh: records anew, with the real Nix of the lab's tools tree, what the tests of dev.nixosoperator.nix compare with:
#   tree.nar           a tree with all that an archive can hold
#   cache/COMPRESSION  a signed closure of four paths in a binary cache, top level in "top"
#   public-key         of the key that signed (a new one each time)
#   serve/             what "nix copy --to ssh://" and "nix-store --serve --write" said to each other
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if [ "${1:-}" != inside ]; then
  lab=$(cd "$here/../../../../lab" && pwd)
  # shellcheck source=../../../../lab/lib.sh
  . "$lab/lib.sh"
  TOOLS=$(sed -n "s/^TOOLS=//p" "$("$lab/build.sh")")
  # the same each time, for the tools tree keeps the mount point
  work=$lab/../target/nix-recording; rm -rf "$work"; mkdir -p "$work"; work=$(cd "$work" && pwd); trap 'rm -rf "$work"' EXIT
  cp "$0" "$work/regenerate.sh"
  NIX_DIR=$work/nix in_tools "$TOOLS" "$work" bash "$work/regenerate.sh" inside
  rm -rf "$here"/{tree.nar,cache,public-key,serve}
  cp -r "$work"/out/* "$here"
  exit
fi

cd "$here"; mkdir -p out/serve tree/{a,empty-directory}
export NIX_CONFIG=$'experimental-features = nix-command\nsandbox = false\nbuild-users-group =\nsubstituters ='
printf '#!/bin/sh\n' > tree/a/run; chmod +x tree/a/run
printf 12345678 > tree/a/eight; : > tree/empty; printf 'ä\n' > $'tree/\xc3\xa4'; printf x > tree/a.b; printf x > 'tree/B '
ln -s ../nowhere tree/link; seq 1 2000 > tree/numbers
nix-store --dump tree > out/tree.nar

# Nix kills a builder that has closed its standard error, as coreutils do before they exit: the last command must not be one of them
cat > default.nix <<'N'
let
  make = name: script: derivation {
    inherit name; system = builtins.currentSystem; builder = "/bin/bash"; PATH = "/usr/bin"; args = [ "-euc" (script + "; :") ];
  };
  data = builtins.toFile "data.txt" "no signature needed\n";
  lib = make "lib-1.0" "mkdir -p $out/lib; seq 1 3000 > $out/lib/numbers";
  tool = make "tool" "mkdir -p $out/bin; printf '#!/bin/sh\necho %s %s\n' $out ${lib} > $out/bin/tool; chmod +x $out/bin/tool";
in make "app" "mkdir $out; ln -s ${tool}/bin/tool $out/tool; ln -s ${data} $out/data; ln -s ${lib} $out/lib"
N
top=$(nix-build --no-out-link default.nix)
nix-store --generate-binary-cache-key test-1 secret out/public-key
for compression in none xz zstd; do
  nix copy --to "file://$here/out/cache/$compression?compression=$compression&secret-key=$here/secret&write-nar-listing=false" "$top"
done
echo "$top" > out/top
rm -rf out/cache/*/{realisations,log,debuginfo,serve}

printf '#!/bin/sh\ntee %s/out/serve/client | nix-store "$@" | tee %s/out/serve/server\n' "$here" "$here" > recorder; chmod +x recorder
nix copy --no-check-sigs --from "file://$here/out/cache/none" --to "ssh://localhost?remote-program=$here/recorder&remote-store=$here/target" "$top"
nix path-info --store "$here/target" --recursive "$top"
