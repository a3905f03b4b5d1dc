# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  boot = {
    initrd = {
      luks = {
        devices = {
          crypt = {
            allowDiscards = true;
            device = "/dev/disk/by-partlabel/disk-main-root";
            "odd $key" = [
              1
              2
            ];
          };
        };
      };
    };
  };
  fileSystems = {
    "/" = {
      device = "/dev/mapper/crypt";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/home" = {
      device = "/dev/disk/by-partlabel/disk-main-home";
      fsType = "xfs";
      options = [
        "defaults"
      ];
    };
  };
}
