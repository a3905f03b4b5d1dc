package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Failure;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.lifecycle.Decision.Settled;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** When a machine that has no operation is looked at, and what comes of it. A look that finds nothing new changes nothing. */
final class Looks {
    /** Never look more often than this, whatever {@code interval} says. */
    static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

    private Looks() {}

    static Memory absorb(MachineView view, Memory memory, StepOutcome outcome) {
        boolean asked = HandsOff.isInstalled(memory.install()) || HandsOff.applies(view.spec());
        return asked ? of(view, memory, outcome) : memory; // a look that began under another policy
    }

    private static Memory of(MachineView view, Memory memory, StepOutcome outcome) {
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
            return another(view, memory);
        }
        if (!HandsOff.isInstalled(memory.install())) {
            return HandsOff.isSurveyed(view.spec(), memory.install())
                    ? Surveys.reported(view, memory, seen)
                    : Surveys.adopted(view, memory, seen);
        }
        return sawInstalled(view, memory, seen, situation);
    }

    /** Nothing that it said is remembered: the next look would take it for the same. */
    private static Memory another(MachineView view, Memory memory) {
        StepOutcome.Failed other = Sightings.otherMachine();
        return memory.withFailure(Failures.lasting(view, other.reason(), Step.Observe, other.message()));
    }

    private static Memory sawInstalled(MachineView view, Memory memory, Seen seen, Situation situation) {
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
                && Objects.equals(merged.install(), memory.install())
                && Objects.equals(merged.system(), memory.system());
        return nothingNew ? memory : merged;
    }

    /**
     * Not seen: tried again for ever, with growing pauses; what time does not cure waits for a change. When it was seen
     * last is stored now, as the grace time counts from there and a later start of the operator must know it.
     */
    private static Memory missed(MachineView view, Memory before, StepOutcome.Failed failed) {
        Seen seen = failed.seen();
        if (seen != null && Sightings.isOtherMachine(before, seen.situation())) {
            return another(view, before);
        }
        if (seen != null && failed.reason() == Reason.NotLinux && HandsOff.isSurveyed(view.spec(), before.install())) {
            return Surveys.reported(view, before, seen);
        }
        Memory memory = Sightings.merge(view, before, seen);
        if (failed.reason().kind() != Reason.Kind.Transient) {
            return memory.withFailure(Failures.lasting(view, failed.reason(), Step.Observe, failed.message()));
        }
        int count = Failures.countInARow(memory, Step.Observe) + 1;
        Failure failure = Failures.retried(view, failed.reason(), Step.Observe, failed.message(), count);
        boolean first = count == 1 && view.lastLook() != null;
        return (first ? memory.withLastSeen(Timestamp.of(Objects.requireNonNull(view.lastLook()))) : memory)
                .withFailure(failure);
    }

    /** @param standing of a machine that was seen as it should be */
    static Decision next(MachineView view, Memory memory, Settled standing) {
        Failure failure = memory.failure();
        boolean asked =
                !Objects.equals(view.requests().reconcileAt(), view.status().lastHandledReconcileAt());
        boolean lasting = failure != null && failure.nextRetry() == null;
        if (failure != null && lasting && !Failures.isOutdated(view, failure)) {
            return new Decision.Hold(memory, failure.reason(), failure.message(), null);
        }
        boolean silent = standing != Settled.LOOKING && isSilentTooLong(view, memory);
        Settled how = silent ? Settled.UNREACHABLE : standing;
        Instant due = due(view, failure);
        if (asked || lasting || view.running() || !due.isAfter(view.now())) {
            return new Decision.Look(memory, how);
        }
        return standing == Settled.LOOKING ? new Decision.Wait(memory, due) : new Decision.Idle(memory, how, due);
    }

    private static Instant due(MachineView view, @Nullable Failure failure) {
        if (failure != null && failure.nextRetry() != null) {
            return failure.nextRetry().instant();
        }
        return view.lastLook() == null ? view.now() : view.lastLook().plus(interval(view));
    }

    static Duration interval(MachineView view) {
        Duration wanted = view.spec().interval().duration();
        return wanted.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : wanted;
    }

    static boolean isSilentTooLong(MachineView view, Memory memory) {
        Failure failure = memory.failure();
        // It answers where only an addition to its disks failed.
        if (failure == null || failure.kind() != Reason.Kind.Transient || failure.reason() == Reason.AdditionFailed) {
            return false;
        }
        return memory.lastSeen() == null
                || view.now().isAfter(memory.lastSeen().instant().plus(Lifecycle.GRACE));
    }
}
