# A system of the lab without nixpkgs: made on the machine from parts that its binary cache has. @name@: put in by LabFlake.
{
  # Must not be obeyed.
  nixConfig.substituters = [ "http://127.0.0.1:9/nobody" ];

  outputs = { self }: let
    # The path with the knowledge that it is one: evaluation fetches it, and what is built from it refers to it.
    part = path: builtins.appendContext path { ${path} = { path = true; }; };
    busybox = part "@busybox@";
    system = version: {
      config.system.build.toplevel = derivation {
        name = "nixos-system-lab-25.11.${version}";
        system = "x86_64-linux";
        builder = "${busybox}/bin/sh";
        args = [ "-euc" "export PATH=${busybox}/bin; . ${./build.sh}" ];
        inherit busybox version;
        kernel = part "@kernel@";
        initrd = part "@initrd@";
        userland = part "@userland@";
        etc = part "@etc@";
        kargs = "@kargs@";
        fault = "";
        parts = [ ];
        init = ./init.sh;
        activate = ./activate.sh;
        stc = ./switch-to-configuration.sh;
      };
    };
  in {
    nixosConfigurations.web-1 = system "flake";
    nixosConfigurations."web.example.org" = system "other";
  };
}
