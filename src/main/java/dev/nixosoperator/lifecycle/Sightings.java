package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Failure;
import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.SystemState;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What status remembers of a look at the machine: who it is, what it runs. */
final class Sightings {
    static final Identity UNKNOWN =
            new Identity(null, null, null, List.of(), List.of(), List.of(), null, null, List.of());

    private Sightings() {}

    static Memory merge(MachineView view, Memory memory, @Nullable Seen seen) {
        if (seen == null) {
            return memory;
        }
        Identity before = Objects.requireNonNullElse(memory.identity(), UNKNOWN);
        Memory merged = memory.withIdentity(Trust.learned(before, seen));
        Situation situation = seen.situation();
        if (situation != null) {
            merged = merged.withIdentity(identified(Objects.requireNonNull(merged.identity()), situation))
                    .withSystem(system(view, memory, situation))
                    .withLastSeen(Timestamp.of(view.now()));
        }
        if (!seen.preflight().isEmpty()) {
            merged = merged.withPreflight(seen.preflight());
        }
        if (seen.drift() != null && merged.install() != null) {
            merged = merged.withInstall(merged.install().withDrift(seen.drift()));
        }
        if (seen.layout() != null && merged.install() != null) {
            merged = merged.withInstall(merged.install().withLayout(seen.layout()));
        }
        return seen.facts() == null ? merged : merged.withFacts(seen.facts());
    }

    private static Identity identified(Identity before, Situation seen) {
        return new Identity(
                seen.machineId(),
                seen.bootId(),
                seen.dmiUuid() == null ? before.dmiUuid() : seen.dmiUuid(),
                before.hostKeys(),
                before.expectedHostKeys(),
                before.fingerprints(),
                before.presented(),
                before.acceptedHostKey(),
                before.jumpHosts());
    }

    static SystemState system(MachineView view, Memory memory, Situation seen) {
        FlakeSource source = Wanted.source(view.spec().system(), memory);
        return new SystemState(
                Wanted.toplevel(view.spec().system(), memory),
                seen.currentSystem(),
                seen.bootedSystem(),
                seen.currentSystem() == null ? null : nameOf(seen.currentSystem()),
                source == null ? null : source.revision());
    }

    /** {@code nixos-system-web-1-25.11} of {@code /nix/store/<hash>-nixos-system-web-1-25.11}. */
    private static String nameOf(String storePath) {
        String base = storePath.substring(storePath.lastIndexOf('/') + 1);
        String name = base.substring(base.indexOf('-') + 1);
        return name.startsWith("nixos-system-") ? name.substring("nixos-system-".length()) : name;
    }

    static boolean isOtherMachine(Memory memory, @Nullable Situation seen) {
        return SameMachine.isOther(memory.identity(), seen);
    }

    static StepOutcome.Failed otherMachine() {
        return StepOutcome.Failed.of(
                Reason.IdentityMismatch,
                "another machine answers at this address (its DMI UUID differs); nothing is touched. Correct"
                        + " spec.connection.host, or delete and re-create the object if the machine was replaced");
    }

    /** An installed machine that does not run what is on its disk: a person must reboot it, or look why. */
    static Failure notTheInstalledSystem(MachineView view, Situation seen) {
        String message = "the machine is installed, but runs %s; nothing is touched. Reboot it into its own disk (boot"
                        .formatted(name(seen))
                + " order), then annotate nixos-operator.dev/reconcile-requested-at";
        return Failures.lasting(view, Reason.BootVerificationFailed, Step.Observe, message);
    }

    static String name(Situation seen) {
        return switch (seen.running()) {
            case FOREIGN_LINUX -> "another Linux";
            case INSTALLER -> "the installer";
            case NIXOS -> "NixOS";
        };
    }
}
