# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  boot = {
    loader = {
      grub = {
        devices = [
          "/dev/vdb"
        ];
      };
    };
  };
  fileSystems = {
    "/" = {
      device = "/dev/disk/by-partlabel/disk-main-root";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
  };
}
