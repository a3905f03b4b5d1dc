# Made from a DiskLayout by nixos-operator; changes here are lost.
# /dev/sda is the layout's disk main: a machine with another one in spec.disks replaces that path (lib.mkForce).
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
