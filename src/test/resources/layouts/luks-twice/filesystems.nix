# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  boot = {
    initrd = {
      luks = {
        devices = {
          secret-a = {
            allowDiscards = true;
            bypassWorkqueues = true;
            device = "/dev/disk/by-partlabel/disk-main-a";
          };
          swap-c = {
            device = "/dev/disk/by-partlabel/disk-main-c";
          };
        };
      };
    };
    resumeDevice = "/dev/mapper/swap-c";
  };
  fileSystems = {
    "/" = {
      device = "/dev/mapper/secret-b";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/boot" = {
      device = "/dev/disk/by-partlabel/disk-main-ESP";
      fsType = "vfat";
      options = [
        "umask=0077"
      ];
    };
    "/nix" = {
      device = "/dev/mapper/secret-a";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
  };
  swapDevices = [
    {
      device = "/dev/mapper/swap-c";
      discardPolicy = "both";
      options = [
        "defaults"
      ];
      priority = 10;
      randomEncryption = {
        allowDiscards = true;
        enable = false;
      };
    }
    {
      device = "/dev/disk/by-partlabel/disk-main-spare";
      discardPolicy = "once";
      options = [
        "defaults"
        "nofail"
      ];
      priority = 5;
      randomEncryption = {
        allowDiscards = true;
        enable = false;
      };
    }
  ];
}
