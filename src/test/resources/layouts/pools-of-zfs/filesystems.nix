# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  boot = {
    initrd = {
      luks = {
        devices = {
          vault = {
            device = "/dev/zvol/tank/vault";
          };
        };
      };
    };
  };
  fileSystems = {
    "/" = {
      device = "tank/root";
      fsType = "zfs";
      options = [
        "defaults"
      ];
    };
    "/home" = {
      device = "tank/root/home";
      fsType = "zfs";
      options = [
        "defaults"
        "zfsutil"
      ];
    };
    "/vault" = {
      device = "inner";
      fsType = "zfs";
      options = [
        "defaults"
        "zfsutil"
      ];
    };
    "/vault/data" = {
      device = "inner/data";
      fsType = "zfs";
      options = [
        "defaults"
        "zfsutil"
      ];
    };
  };
  swapDevices = [
    {
      device = "/dev/zvol/tank/swap";
      discardPolicy = null;
      options = [
        "defaults"
      ];
      priority = null;
      randomEncryption = {
        allowDiscards = false;
        enable = false;
      };
    }
  ];
}
