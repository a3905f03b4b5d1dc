# Made from a DiskLayout by nixos-operator; changes here are lost.
# /dev/disk/by-id/virtio-data is the layout's disk data: a machine with another one in spec.disks replaces that path (lib.mkForce).
# /dev/disk/by-id/virtio-root is the layout's disk root: a machine with another one in spec.disks replaces that path (lib.mkForce).
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
