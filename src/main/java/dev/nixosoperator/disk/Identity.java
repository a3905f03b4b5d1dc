package dev.nixosoperator.disk;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names of disks in a form that is the same whether udev or sysfs told them: udev turns blanks into underscores. */
final class Identity {
    private Identity() {}

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
