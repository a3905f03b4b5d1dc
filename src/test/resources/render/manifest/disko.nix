# Made from a DiskLayout by nixos-operator; changes here are lost.
{
  disko = {
    devices = {
      disk = {
        "it's $(data)" = {
          content = {
            format = "ext4";
            mountpoint = "/srv/a b";
            type = "filesystem";
          };
          device = "/dev/disk/by-id/ata-B";
        };
        main = {
          content = {
            partitions = {
              ESP = {
                content = {
                  format = "vfat";
                  mountOptions = [
                    "umask=0077"
                  ];
                  mountpoint = "/boot";
                  type = "filesystem";
                };
                size = "512M";
                type = "EF00";
              };
              bios = {
                size = "1M";
                type = "EF02";
              };
              root = {
                content = {
                  content = {
                    extraArgs = [
                      "-L"
                      "it's \${HOME}"
                    ];
                    format = "ext4";
                    mountpoint = "/";
                    type = "filesystem";
                  };
                  name = "crypt";
                  passwordFile = "/run/keys/root";
                  settings = {
                    allowDiscards = true;
                    keyFileTimeout = (1.5);
                    "odd \${key}" = "$(id) ''\${x}'' \"";
                  };
                  type = "luks";
                };
                size = "100%";
              };
            };
            type = "gpt";
          };
          device = "/dev/disk/by-id/ata-A";
        };
      };
    };
  };
}
