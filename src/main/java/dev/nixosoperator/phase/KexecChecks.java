package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.phase.Check.Verdict;
import java.util.List;

/** Whether the machine can be taken from its old system into the installer. */
final class KexecChecks {
    private static final List<String> ARCHITECTURES = List.of("x86_64", "aarch64");
    private static final String OTHERWISE = "boot an installer on the machine (ISO, netboot or a rescue system)";

    private KexecChecks() {}

    static List<Check> all() {
        return List.of(
                Check.beforeKexec("Architecture", KexecChecks::architecture),
                Check.beforeKexec("Container", KexecChecks::container),
                Check.beforeKexec("Kernel", KexecChecks::kernel),
                Check.beforeKexec("SecureBoot", KexecChecks::secureBoot),
                Check.beforeKexec("Board", KexecChecks::board));
    }

    private static Verdict architecture(Examination machine) {
        String architecture = machine.reading().get("architecture");
        boolean own = machine.spec().install().kexec().image() != null;
        if (own || ARCHITECTURES.contains(architecture)) {
            return new Verdict.Passed(architecture + (own ? ", with the image of spec.install.kexec.image" : ""));
        }
        return new Verdict.Failed(
                Reason.ArchitectureUnsupported,
                "there is no kexec image for %s by default (only for x86_64 and aarch64); give one in spec.install.kexec.image"
                        .formatted(architecture));
    }

    private static Verdict container(Examination machine) {
        String container = machine.reading().get("container");
        return container.equals("none")
                ? new Verdict.Passed("the machine has a kernel of its own")
                : new Verdict.Failed(
                        Reason.KexecUnsupported,
                        "this is a container (%s), which has no kernel of its own; NixOS needs a whole machine"
                                .formatted(container));
    }

    private static Verdict kernel(Examination machine) {
        Reading reading = machine.reading();
        if (reading.get("kexec.disabled").equals("1")) {
            return new Verdict.Failed(
                    Reason.KexecUnsupported,
                    "the kernel refuses kexec until the next reboot (kernel.kexec_load_disabled=1); boot the machine"
                            + " without that setting, or " + OTHERWISE);
        }
        if (reading.get("kexec.core").equals("no")) {
            return new Verdict.Failed(
                    Reason.KexecUnsupported, "the kernel was built without kexec; boot another one, or " + OTHERWISE);
        }
        if (reading.yes("xen_pv")) {
            return new Verdict.Failed(
                    Reason.KexecUnsupported,
                    "this is a paravirtual Xen guest, which cannot kexec; make it HVM or PVH, or " + OTHERWISE);
        }
        return reading.get("kexec.core").equals("yes")
                ? new Verdict.Passed("the kernel knows kexec")
                : new Verdict.Warning(
                        "the machine did not say whether its kernel knows kexec (/sys/kernel/kexec_loaded)");
    }

    /**
     * A kernel that is locked down takes only signed kernels ({@code kexec_file_load}, kernel_lockdown(7)); the
     * installer's has no signature that the machine knows.
     */
    private static Verdict secureBoot(Examination machine) {
        String lockdown = machine.reading().get("kexec.lockdown");
        String secureBoot = machine.reading().get("secure_boot");
        boolean locked = lockdown.equals("integrity") || lockdown.equals("confidentiality");
        if (locked && secureBoot.equals("no")) {
            return new Verdict.Failed(
                    Reason.KexecUnsupported,
                    "the kernel is locked down (%s) and refuses kexec; boot it without lockdown=, or %s"
                            .formatted(lockdown, OTHERWISE));
        }
        if (locked) {
            return new Verdict.Failed(
                    Reason.SecureBootBlocksKexec,
                    "Secure Boot locks the kernel down (%s): it boots signed kernels only, and the installer's is not; turn Secure Boot off in the firmware, or %s"
                            .formatted(lockdown, OTHERWISE));
        }
        return switch (secureBoot) {
            case "no" -> new Verdict.Passed("Secure Boot is off");
            case "yes" ->
                new Verdict.Warning(
                        "Secure Boot is on, and the kernel %s; should it refuse kexec, turn Secure Boot off, or %s"
                                .formatted(
                                        lockdown.equals("none")
                                                ? "is not locked down"
                                                : "did not say whether it is locked down",
                                        OTHERWISE));
            default -> new Verdict.Warning("the machine did not say whether Secure Boot is on (efivarfs)");
        };
    }

    private static Verdict board(Examination machine) {
        String board = machine.reading().get("board");
        return board.isEmpty()
                ? new Verdict.Passed("not a device-tree board")
                : new Verdict.Warning(
                        "%s is a device-tree board: kexec often does not come back there, and its firmware wants boot files of its own; have a power switch at hand, or write an SD image instead"
                                .formatted(board));
    }
}
