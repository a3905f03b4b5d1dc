# Made from a DiskLayout by nixos-operator; changes here are lost.
{ ... }:
{
  fileSystems = {
    "/" = {
      device = "/dev/disk/by-id/virtio-root";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
    "/data" = {
      device = "/dev/disk/by-id/virtio-data";
      fsType = "ext4";
      options = [
        "defaults"
      ];
    };
  };
}
