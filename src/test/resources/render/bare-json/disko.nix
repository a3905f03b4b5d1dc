# Made from a DiskLayout by nixos-operator; changes here are lost.
{
  disko = {
    devices = {
      disk = {
        main = {
          content = {
            partitions = {
              root = {
                content = {
                  format = "ext4";
                  mountpoint = "/";
                  type = "filesystem";
                };
                size = "100%";
              };
            };
            type = "gpt";
          };
          device = "/dev/vdb";
          type = "disk";
        };
      };
    };
  };
}
