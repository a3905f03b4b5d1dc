# Made from a DiskLayout by nixos-operator; changes here are lost.
# /dev/vdb is the layout's disk a: a machine with another one in spec.disks replaces that path (lib.mkForce).
{ ... }:
{
  boot = {
    initrd = {
      kernelModules = [
        "dm-snapshot"
      ];
      luks = {
        devices = {
          a = {
            device = "/dev/disk/by-partlabel/disk-a-rest";
          };
          b = {
            device = "/dev/disk/by-partlabel/disk-b-rest";
          };
          safe = {
            device = "/dev/pool/safe";
          };
        };
      };
    };
    loader = {
      grub = {
        devices = [
          "/dev/vdb"
        ];
      };
    };
    swraid = {
      enable = true;
    };
  };
  fileSystems = {
    "/" = {
      device = "/dev/pool/root";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/safe" = {
      device = "/dev/mapper/safe";
      fsType = "xfs";
      options = [
        "defaults"
      ];
    };
  };
  swapDevices = [
    {
      device = "/dev/pool/swap";
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
