# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  fileSystems = {
    "/" = {
      device = "tmpfs";
      fsType = "tmpfs";
      options = [
        "size=2G"
        "mode=755"
      ];
    };
    "/etc/nixos" = {
      device = "/nix/config";
      fsType = "none";
      options = [
        "bind"
        "ro"
      ];
    };
    "/nix" = {
      device = "/var/keep/nix";
      fsType = "none";
      options = [
        "bind"
      ];
    };
    "/srv/share" = {
      device = "server:/share";
      fsType = "nfs";
      options = [
        "vers=4.2"
      ];
    };
    "/var/keep" = {
      device = "/dev/disk/by-partlabel/disk-main-keep";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
  };
}
