# Made from a DiskLayout by nixos-operator; changes here are lost.
# /dev/disk/by-id/virtio-b is the layout's disk b: a machine with another one in spec.disks replaces that path (lib.mkForce).
{ ... }:
{
  boot = {
    initrd = {
      kernelModules = [
        "dm-snapshot"
      ];
      luks = {
        devices = {
          b = {
            device = "/dev/disk/by-id/virtio-b";
            keyFile = "/dev/disk/by-id/usb-key";
            keyFileOffset = 512;
            keyFileSize = 4096;
          };
        };
      };
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
    "/boot" = {
      device = "/dev/disk/by-partlabel/disk-a-first";
      fsType = "ext2";
      options = [
        "defaults"
      ];
    };
    "/old" = {
      device = "/dev/disk/by-partlabel/disk-a-sectors";
      fsType = "ext3";
      options = [
        "defaults"
      ];
    };
    "/shared" = {
      device = "/dev/disk/by-partlabel/disk-a-shared";
      fsType = "exfat";
      options = [
        "defaults"
      ];
    };
  };
}
