# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  boot = {
    initrd = {
      luks = {
        devices = {
          one = {
            device = "/dev/disk/by-partlabel/disk-b-zz1";
          };
          two = {
            device = "/dev/disk/by-partlabel/disk-b-zz2";
          };
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
    "/one" = {
      device = "/dev/mapper/one";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/two" = {
      device = "/dev/mapper/two";
      fsType = "ext4";
      options = [
        "defaults"
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
