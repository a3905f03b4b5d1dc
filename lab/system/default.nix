# Stand-ins for NixOS systems: file names and contracts of a true toplevel, Debian's kernel and programs inside, real store paths and a real
# closure; built without nixpkgs and without network. Attribute = what is special about it, see lab/README.md.
{ src, kargs }:
let
  # Everything goes through a derivation: a path that is added to the store as it is would be content-addressed and need no signature.
  source = name: builtins.path { name = "lab-${name}-source"; path = src + "/${name}"; };
  run = name: script: env: derivation ({
    inherit name; system = "x86_64-linux";
    builder = "${source "busybox"}/bin/sh";
    args = [ "-euc" "export PATH=${source "busybox"}/bin; ${script}" ];
  } // env);
  add = name: run "lab-${name}" "cp -a ${source name} $out" { };
  busybox = add "busybox";
  kernel = add "kernel";
  initrd = add "initrd";
  userland = add "userland";
  etc = add "etc";
  # small paths, so that a copy has something to count; the last ten differ from version to version
  part = version: n: run "lab-part-${toString n}" "i=0; while [ $i -lt 300 ]; do echo part ${toString n}${if n < 30 then "" else " of ${version}"}, line $i; i=$((i + 1)); done > $out" { };
  system = version: fault: withParts 40 version fault;
  withParts = count: version: fault: run "nixos-system-lab-25.11.${version}" ". ${./build.sh}" {
    inherit busybox kernel initrd userland etc kargs version fault;
    parts = builtins.genList (part version) count;
    init = ./init.sh; activate = ./activate.sh; stc = ./switch-to-configuration.sh;
  };
in {
  v1 = system "1" ""; # boots
  v2 = system "2" ""; # boots
  many = withParts 320 "many" ""; # boots; of many small paths, as a true system
  noboot = system "noboot" "bootloader"; # its boot loader cannot be installed
  noactivate = system "noactivate" "activation"; # fails to activate
  noinit = system "noinit" "init"; # the boot loader starts it, and it panics
}
