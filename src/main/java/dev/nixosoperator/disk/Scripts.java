package dev.nixosoperator.disk;

import java.util.Set;

/**
 * Bash for the installer, each complete in itself; root mount {@value #ROOT}. What a mode does not run refuses to run.
 *
 * @param destroy wipes exactly the planned disks
 * @param format creates what is missing
 * @param look prints {@value #MARKER} of what is on the disks, if it is there; writes nothing
 * @param mount opens, mounts and switches swap on
 * @param unmount the exact reverse of mount; closes what look opened
 */
public record Scripts(String destroy, String format, String look, String mount, String unmount) {
    static final String ROOT = "/mnt";
    public static final String MARKER = "/nix/var/nixos-operator/machine.json";

    /** Programs that every script needs. */
    static final Set<String> TOOLS =
            Set.of("blkid", "blockdev", "findmnt", "lsblk", "mount", "umount", "wipefs", "sgdisk", "partx");

    public static Scripts render(Layout layout, Resolution.Resolved resolved, DiskMode mode) {
        return new ScriptWriter(layout, resolved, mode).scripts();
    }

    /**
     * Without a machine's facts: the disks are those at the paths that the layout names, whatever they are. For people who
     * run scripts themselves; the operator never does. Every disk must have a device.
     */
    public static Scripts ofPaths(Layout layout) {
        return ScriptWriter.ofPaths(layout).scripts();
    }
}
