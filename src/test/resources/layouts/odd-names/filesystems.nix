# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  fileSystems = {
    "/" = {
      device = "/dev/disk/by-partlabel/a\\x27b\\x22c\\x20\\x24HOME\\x20\\x60id\\x60";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/-a b/$(id)'\";c" = {
      device = "/dev/disk/by-partlabel/-dash\\x2c\\x20with\\x20comma";
      fsType = "ext4";
      options = [
        "x-a=$(id)'"
        "-o"
      ];
    };
  };
}
