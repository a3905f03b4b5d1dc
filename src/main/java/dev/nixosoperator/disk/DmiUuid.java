package dev.nixosoperator.disk;

import java.util.Locale;

/** The machine's DMI UUID; empty when the firmware has none. Letters compare without case: kernels have written both. */
public record DmiUuid(String text) {
    public DmiUuid {
        text = text.strip().toLowerCase(Locale.ROOT);
    }
}
