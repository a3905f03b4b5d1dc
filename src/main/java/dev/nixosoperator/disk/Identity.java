package dev.nixosoperator.disk;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What tells a disk from others. Names are in a form that is the same whether udev or sysfs told them: udev turns blanks into underscores.
 *
 * @param kind {@code wwn} or {@code serial}
 * @param name may be empty
 * @param size bytes
 */
record Identity(String kind, String name, long size) {

    /** WWN before serial: it is the same in every system. What has the same identity has the same place in a plan's hash. */
    static Identity of(BlockDevice device) {
        return device.wwn() == null
                ? new Identity("serial", serial(device.serial()), device.size())
                : new Identity("wwn", wwn(device.wwn()), device.size());
    }

    static String serial(@Nullable String raw) {
        return raw == null ? "" : raw.strip().replaceAll("\\s+", "_");
    }

    static String wwn(@Nullable String raw) {
        return serial(raw).toLowerCase(Locale.ROOT);
    }

    /** A model, vendor or transport. */
    static String word(@Nullable String raw) {
        return wwn(raw);
    }
}
