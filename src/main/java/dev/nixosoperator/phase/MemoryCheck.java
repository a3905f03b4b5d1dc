package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.phase.Check.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The installer runs in memory; swap is gone after kexec and does not count. */
final class MemoryCheck {
    /**
     * What the kernel must see of memory. One gigabyte is documented; firmware and kernel keep some of it for
     * themselves, so a machine of 1 GiB shows about 960 MiB.
     */
    static final long FLOOR_MIB = 900;

    /** What the installer needs while its image is unpacked. */
    private static final long WORK_MIB = 256;

    private MemoryCheck() {}

    static List<Check> all() {
        return List.of(Check.beforeKexec("Memory", MemoryCheck::memory));
    }

    private static Verdict memory(Examination machine) {
        long have = machine.reading().number("memory.total").orElse(0L);
        long need = need(machine.imageBytes());
        String numbers = "has %d MiB of memory (swap does not count), the installer needs %d MiB".formatted(have, need);
        return have >= need
                ? new Verdict.Passed("the machine " + numbers)
                : new Verdict.Failed(
                        Reason.InsufficientMemory,
                        "the machine %s; add %d MiB, give a smaller image in spec.install.kexec.image, or boot an installer from a medium on it"
                                .formatted(numbers, need - have));
    }

    /** The image lies in memory packed and, for a moment, unpacked too; it hardly compresses further. */
    private static long need(@Nullable Long imageBytes) {
        return imageBytes == null ? FLOOR_MIB : Math.max(FLOOR_MIB, 2 * (imageBytes >> 20) + WORK_MIB);
    }
}
