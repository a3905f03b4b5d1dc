package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Build;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Course;
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

    /**
     * What the evaluation of a NixOS configuration takes by experience, 1 to 2 GiB, beside the installer. Sources, caches and
     * what builders write lie on the disk by then.
     */
    private static final long BUILD_MIB = 2048;

    private MemoryCheck() {}

    static List<Check> all() {
        return List.of(
                Check.beforeKexec("Memory", MemoryCheck::memory),
                new Check("Build", MemoryCheck::builds, MemoryCheck::build));
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

    private static boolean builds(Examination machine) {
        boolean begins = machine.situation().isInstaller() || machine.leavesByKexec();
        return begins && Course.of(machine.spec()).has(Step.Build);
    }

    /** A small flake needs little, so that only what the installer itself needs is demanded. */
    private static Verdict build(Examination machine) {
        long have = machine.reading().number("memory.total").orElse(0L);
        String where = machine.spec().build().place() == Build.Place.Auto
                ? "spec.build.place Auto: the system is built on the machine itself, in the installer, as there is no other place yet"
                : "the system is built on the machine itself, in the installer";
        String numbers =
                "%s; it has %d MiB of memory, the installer needs %d MiB and the evaluation of a NixOS configuration about %d MiB"
                        .formatted(where, have, FLOOR_MIB, BUILD_MIB);
        if (have < FLOOR_MIB) {
            return new Verdict.Failed(
                    Reason.InsufficientMemory,
                    numbers + "; give it more memory, or name a store path that was built elsewhere");
        }
        return have < FLOOR_MIB + BUILD_MIB
                ? new Verdict.Warning(numbers + ": it may end for lack of memory after the disks were formatted")
                : new Verdict.Passed(numbers);
    }

    /** The image lies in memory packed and, for a moment, unpacked too; it hardly compresses further. */
    private static long need(@Nullable Long imageBytes) {
        return imageBytes == null ? FLOOR_MIB : Math.max(FLOOR_MIB, 2 * (imageBytes >> 20) + WORK_MIB);
    }
}
