package dev.nixosoperator.disk;

/** Which scripts run; the names say it. */
public enum DiskMode {
    DESTROY_FORMAT_MOUNT,
    /** Creates what is missing, keeps the rest. */
    FORMAT_MOUNT,
    /** Writes nothing. */
    MOUNT
}
