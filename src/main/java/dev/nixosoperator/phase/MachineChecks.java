package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.phase.Check.Verdict;
import java.util.List;

/** Of every machine: what it must say, who we are on it, what it must have. */
final class MachineChecks {
    /** Without one of these nothing else can be judged. */
    private static final List<String> NEEDED = List.of("uid", "memory.total", "boot_mode", "container", "facts.end");

    private static final List<String> KEXEC_TOOLS =
            List.of("tar", "cpio", "gzip", "setsid", "flock", "base64", "sha256sum", "mktemp");
    private static final List<String> INSTALLER_TOOLS =
            List.of("setsid", "flock", "base64", "mktemp", "nix", "nix-store", "nixos-install");

    static final String FACTS = "Facts";
    static final String ROOT = "Root";

    private MachineChecks() {}

    static List<Check> all() {
        return List.of(
                Check.always(ROOT, MachineChecks::root),
                new Check(
                        "Tools",
                        machine -> machine.situation().isInstaller() && !machine.leavesByKexec(),
                        MachineChecks::installerTools),
                Check.beforeKexec("Tools", MachineChecks::kexecTools));
    }

    static Verdict facts(Reading reading) {
        List<String> missing =
                NEEDED.stream().filter(key -> reading.find(key) == null).toList();
        return missing.isEmpty()
                ? new Verdict.Passed("the machine said all that was asked")
                : new Verdict.Failed(
                        Reason.FactsFailed,
                        "the machine did not say its %s; see that its /proc and /sys are mounted and its shell works"
                                .formatted(String.join(", ", missing)));
    }

    private static Verdict root(Examination machine) {
        String uid = machine.reading().get("uid");
        return uid.equals("0")
                ? new Verdict.Passed("commands run as root")
                : new Verdict.Failed(
                        Reason.PrivilegeDenied,
                        "commands run with uid %s, not as root; log in as root, or let the user run sudo"
                                .formatted(uid));
    }

    private static Verdict kexecTools(Examination machine) {
        return tools(machine.reading(), KEXEC_TOOLS, "the machine");
    }

    private static Verdict installerTools(Examination machine) {
        return tools(machine.reading(), INSTALLER_TOOLS, "the installer");
    }

    private static Verdict tools(Reading reading, List<String> wanted, String where) {
        List<String> missing =
                wanted.stream().filter(tool -> !reading.yes("tool." + tool)).toList();
        return missing.isEmpty()
                ? new Verdict.Passed(where + " has all tools that are needed")
                : new Verdict.Failed(
                        Reason.MissingTool,
                        "%s lacks %s; install what has them".formatted(where, String.join(", ", missing)));
    }
}
