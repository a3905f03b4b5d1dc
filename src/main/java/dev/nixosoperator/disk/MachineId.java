package dev.nixosoperator.disk;

import java.util.Locale;

/** The machine's DMI UUID; empty when the firmware has none. Letters compare without case: kernels have written both. */
public record MachineId(String dmiUuid) {
    public MachineId {
        dmiUuid = dmiUuid.strip().toLowerCase(Locale.ROOT);
    }
}
