# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  boot = {
    loader = {
      grub = {
        devices = [
          "/dev/sda"
        ];
      };
    };
  };
  fileSystems = {
    "/" = {
      device = "/dev/disk/by-partlabel/disk-main-last";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
  };
}
