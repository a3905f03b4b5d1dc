package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Course;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Gathers facts and checks every requirement of the coming steps before anything changes. */
final class PreflightStep implements PhaseStep {
    /**
     * What the kernel must see of memory. One gigabyte is documented; firmware and kernel keep some of it for
     * themselves, so a machine of 1 GiB shows about 960 MiB.
     */
    static final long MEMORY_FLOOR_MIB = 900;

    private static final List<String> KEXEC_TOOLS =
            List.of("tar", "cpio", "gzip", "setsid", "flock", "base64", "sha256sum", "mktemp");
    private static final List<String> INSTALLER_TOOLS =
            List.of("setsid", "flock", "base64", "mktemp", "nix", "nix-store", "nixos-install");
    private static final List<String> ARCHITECTURES = List.of("x86_64", "aarch64");

    @Override
    public StepOutcome advance(StepContext context) {
        return Visits.with(context, order(context), Visits.Depth.FACTS, visit -> judge(context, visit));
    }

    /** Where the machine most likely is comes first. */
    static List<Role> order(StepContext context) {
        return context.status().install() != null
                ? List.of(Role.INSTALLED, Role.INSTALLER, Role.INITIAL)
                : List.of(Role.INITIAL, Role.INSTALLER, Role.INSTALLED);
    }

    private static StepOutcome judge(StepContext context, Visit visit) {
        Seen seen = seen(visit);
        Failed refusal = refusal(context, visit).orElse(null);
        return refusal == null
                ? new StepOutcome.Done(seen)
                : new Failed(refusal.reason(), refusal.message(), List.of(), seen);
    }

    static Seen seen(Visit visit) {
        return new Seen(
                visit.situation(),
                visit.reading().facts(Planning.facts(visit.host())),
                visit.hostKey().openSsh(),
                List.of(),
                null);
    }

    private static Optional<Failed> refusal(StepContext context, Visit visit) {
        Reading reading = visit.reading();
        Optional<String> missing = reading.missing("uid", "memory.total", "boot_mode", "facts.end");
        if (missing.isPresent()) {
            return refuse(Reason.FactsFailed, "the machine did not say its " + missing.get());
        }
        if (!reading.get("uid").equals("0")) {
            return refuse(Reason.PrivilegeDenied, "commands run with uid " + reading.get("uid") + ", not as root");
        }
        if (visit.situation().isInstaller()) {
            return tools(reading, INSTALLER_TOOLS, "the installer");
        }
        return kexecIsNeeded(context, visit) ? kexec(context, reading) : Optional.empty();
    }

    /** A machine that is installed already is adopted: it needs none of this. */
    private static boolean kexecIsNeeded(StepContext context, Visit visit) {
        Marker marker = visit.situation().diskMarker();
        boolean settled = marker != null
                && marker.state() == Marker.State.INSTALLED
                && (marker.names(context.machine()) || marker.isOf(context.machine()))
                && Objects.equals(
                        marker.reinstallToken(), context.spec().install().reinstallToken());
        return Course.of(context.spec()).has(Step.Kexec) && !settled;
    }

    private static Optional<Failed> kexec(StepContext context, Reading reading) {
        return Stream.of(
                        architecture(context, reading),
                        environment(reading),
                        tools(reading, KEXEC_TOOLS, "the machine"),
                        memory(reading))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Failed> architecture(StepContext context, Reading reading) {
        String machine = reading.get("architecture");
        return ARCHITECTURES.contains(machine)
                        || context.spec().install().kexec().image() != null
                ? Optional.empty()
                : refuse(
                        Reason.ArchitectureUnsupported,
                        "there is no kexec image for " + machine
                                + " by default (only for x86_64 and aarch64); give one in"
                                + " spec.install.kexec.image");
    }

    private static Optional<Failed> environment(Reading reading) {
        String container = reading.get("container");
        if (!container.isEmpty() && !container.equals("none")) {
            return refuse(
                    Reason.KexecUnsupported, "this is a container (" + container + "), which has no kernel of its own");
        }
        if (reading.get("kexec.disabled").equals("1")) {
            return refuse(
                    Reason.KexecUnsupported,
                    "the kernel refuses kexec until the next reboot (kernel.kexec_load_disabled=1); boot the machine"
                            + " without that setting, or boot an installer on it");
        }
        if (reading.yes("xen_pv")) {
            return refuse(Reason.KexecUnsupported, "this is a paravirtual Xen guest, which cannot kexec");
        }
        String lockdown = reading.get("kexec.lockdown");
        return lockdown.equals("integrity") || lockdown.equals("confidentiality")
                ? refuse(
                        Reason.KexecUnsupported,
                        "the kernel is locked down (" + lockdown
                                + ", as with Secure Boot) and refuses kexec; turn Secure"
                                + " Boot off, or boot an installer on the machine")
                : Optional.empty();
    }

    private static Optional<Failed> tools(Reading reading, List<String> wanted, String where) {
        List<String> missing =
                wanted.stream().filter(tool -> !reading.yes("tool." + tool)).toList();
        return missing.isEmpty()
                ? Optional.empty()
                : refuse(Reason.MissingTool, where + " lacks " + String.join(", ", missing));
    }

    private static Optional<Failed> memory(Reading reading) {
        long total = reading.number("memory.total").orElse(0L);
        return total >= MEMORY_FLOOR_MIB
                ? Optional.empty()
                : refuse(
                        Reason.InsufficientMemory,
                        "the machine has " + total + " MiB of memory; the installer runs in memory and needs "
                                + MEMORY_FLOOR_MIB + " MiB (a machine of 1 GB), the standard image 1.5 GB");
    }

    private static Optional<Failed> refuse(Reason reason, String message) {
        return Optional.of(Failed.of(reason, message));
    }
}
