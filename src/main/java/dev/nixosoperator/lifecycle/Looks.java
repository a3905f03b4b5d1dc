package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Failure;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.util.Objects;

/** What comes of a look at a settled machine. One that finds nothing new changes nothing. */
final class Looks {
    private Looks() {}

    static Memory absorb(MachineView view, Memory memory, StepOutcome outcome) {
        return switch (outcome) {
            case StepOutcome.Done done -> saw(view, memory, done.seen());
            case StepOutcome.Elsewhere elsewhere -> saw(view, memory, elsewhere.seen());
            case StepOutcome.Failed failed -> missed(view, memory, failed);
            case StepOutcome.Cancelled cancelled -> memory;
        };
    }

    private static Memory saw(MachineView view, Memory memory, Seen seen) {
        Situation situation = Objects.requireNonNull(seen.situation());
        if (Sightings.isOtherMachine(memory, situation)) {
            StepOutcome.Failed other = Sightings.otherMachine();
            return memory.withFailure(Failures.lasting(view, other.reason(), Step.Observe, other.message()));
        }
        Marker marker = situation.diskMarker();
        if (situation.running() != Situation.Running.NIXOS) {
            return memory.withFailure(Sightings.notTheInstalledSystem(view, situation));
        }
        if (marker != null && Assessment.isForeign(view, marker)) {
            Assessment.Refuse refuse = Assessment.claimed(marker);
            return memory.withFailure(Failures.lasting(view, refuse.reason(), Step.Observe, refuse.message()));
        }
        Memory merged = Sightings.merge(view, memory, seen).withFailure(null);
        boolean nothingNew = memory.failure() == null
                && Objects.equals(merged.identity(), memory.identity())
                && Objects.equals(merged.system(), memory.system());
        return nothingNew ? memory : merged;
    }

    /**
     * Not seen: tried again for ever, with growing pauses; what time does not cure waits for a change. When it was seen
     * last is stored now, as the grace time counts from there and a later start of the operator must know it.
     */
    private static Memory missed(MachineView view, Memory memory, StepOutcome.Failed failed) {
        if (failed.reason().kind() != Reason.Kind.Transient) {
            return memory.withFailure(Failures.lasting(view, failed.reason(), Step.Observe, failed.message()));
        }
        int count = Failures.countInARow(memory, Step.Observe) + 1;
        Failure failure = Failures.retried(view, failed.reason(), Step.Observe, failed.message(), count);
        boolean first = count == 1 && view.lastLook() != null;
        return (first ? memory.withLastSeen(Timestamp.of(Objects.requireNonNull(view.lastLook()))) : memory)
                .withFailure(failure);
    }

    static boolean isSilentTooLong(MachineView view, Memory memory) {
        Failure failure = memory.failure();
        if (failure == null || failure.kind() != Reason.Kind.Transient) {
            return false;
        }
        return memory.lastSeen() == null
                || view.now().isAfter(memory.lastSeen().instant().plus(Lifecycle.GRACE));
    }
}
