# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  fileSystems = {
    "/a" = {
      device = "/dev/disk/by-partlabel/disk-disk0-nix";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/b" = {
      device = "/dev/disk/by-partlabel/disk-disk1-root";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
  };
}
