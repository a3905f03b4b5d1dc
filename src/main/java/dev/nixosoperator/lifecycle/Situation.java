package dev.nixosoperator.lifecycle;

import org.jspecify.annotations.Nullable;

/**
 * Where a machine is right now; every step looks at it first.
 *
 * @param running what kind of system answered
 * @param bootId of the running kernel; a new one proves a reboot
 * @param dmiUuid the firmware's system UUID, lower case; null where there is none
 * @param runMarker the marker in the tmpfs of this boot
 * @param diskMarker the marker on the store's filesystem: under / of an installed system, under /mnt in the installer,
 *     or found by a read-only look at the disks there
 * @param mounted whether {@code diskMarker} is the one of what is mounted under /mnt
 * @param currentSystem {@code /run/current-system} resolved; null where there is none
 * @param bootedSystem {@code /run/booted-system} resolved
 */
public record Situation(
        Running running,
        String bootId,
        @Nullable String machineId,
        @Nullable String dmiUuid,
        @Nullable Marker runMarker,
        @Nullable Marker diskMarker,
        boolean mounted,
        @Nullable String currentSystem,
        @Nullable String bootedSystem) {

    /** What kind of system runs. */
    public enum Running {
        FOREIGN_LINUX,
        INSTALLER,
        NIXOS
    }

    public boolean isInstaller() {
        return running == Running.INSTALLER;
    }
}
