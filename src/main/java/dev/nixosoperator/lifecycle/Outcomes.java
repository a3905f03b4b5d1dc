package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Failure;
import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.HistoryEntry;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Operation.Intent;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What status remembers after a try of a step ended. */
final class Outcomes {
    private static final String NO_INSTALLER = "the machine does not run the installer, and spec.install leaves kexec"
            + " out; boot the installer on it, or let the operator do it";

    private final MachineView view;

    Outcomes(MachineView view) {
        this.view = view;
    }

    Memory absorb(Memory memory, Operation operation, StepOutcome outcome) {
        return switch (outcome) {
            case StepOutcome.Done done -> seen(memory, operation, done.seen(), this::done);
            case StepOutcome.Elsewhere elsewhere -> seen(memory, operation, elsewhere.seen(), this::elsewhere);
            case StepOutcome.Failed failed ->
                failed.seen() == null
                        ? failed(memory, operation, failed)
                        : seen(memory, operation, failed.seen(), (now, op, what) -> failed(now, op, failed));
            case StepOutcome.Cancelled cancelled -> cancelled(memory, operation, cancelled.untouched());
        };
    }

    /** Where nothing was written the promise is taken back, and approval is asked for again. */
    private Memory cancelled(Memory memory, Operation operation, boolean untouched) {
        if (!untouched || operation.step() != Step.Disks || operation.intent() == null || memory.plan() == null) {
            return memory.withOperation(Operations.again(view, operation));
        }
        Operation unpromised = Operations.withIntent(operation, null);
        return memory.withPlan(Plans.notBegun(memory.plan()))
                .withOperation(Operations.back(view, unpromised, Step.Plan));
    }

    /** What comes of a try that saw the machine. */
    private interface Continuation {
        Memory from(Memory memory, Operation operation, Seen seen);
    }

    private Memory seen(Memory memory, Operation operation, Seen seen, Continuation then) {
        if (Sightings.isOtherMachine(memory, seen.situation())) {
            return failed(memory, operation, Sightings.otherMachine());
        }
        Memory merged = Sightings.merge(view, memory, seen);
        Marker begun = unknownWork(operation, seen.situation());
        return begun != null && seen.situation() != null
                ? takenOver(merged, operation, begun, seen.situation())
                : then.from(merged, operation, seen);
    }

    /** The marker of this very operation where status knows of no intent: an older status was restored. */
    private static @Nullable Marker unknownWork(Operation operation, @Nullable Situation situation) {
        if (situation == null || operation.intent() != null || situation.running() == Situation.Running.NIXOS) {
            return null;
        }
        return Stream.of(situation.runMarker(), situation.diskMarker())
                .filter(marker -> marker != null && marker.operation().equals(operation.id()))
                .findFirst()
                .orElse(null);
    }

    private Memory done(Memory memory, Operation operation, Seen seen) {
        Memory good = memory.withFailure(null);
        return switch (operation.step()) {
            case Preflight -> assessed(memory, operation, Objects.requireNonNull(seen.situation()));
            case Plan ->
                good.withPlan(Plans.made(
                        memory.plan(), operation.id(), Objects.requireNonNull(seen.draft()), memory.preflight()));
            case Gate ->
                gated(good, Operations.locked(operation, seen.made()), Objects.requireNonNull(seen.situation()));
            case Build -> built(good, operation, seen);
            case Files -> next(good.withIdentity(expecting(good, seen.expectedHostKeys())), operation);
            case Kexec, Disks, Copy, Install, Reboot, Verify, Observe -> next(good, operation);
        };
    }

    private Memory next(Memory memory, Operation operation) {
        Step after = Course.of(view.spec()).after(operation.step());
        if (after == Step.Gate && operation.intent() != null) {
            after = Step.Disks; // what the gate compares is gone; the intent and the marker decide from here
        }
        return after == null
                ? finished(memory, operation)
                : memory.withOperation(Operations.enter(view, operation, after));
    }

    /** Resolved now, and built by a further try, once that is acknowledged; or built from the revision that is acknowledged. */
    private Memory built(Memory memory, Operation operation, Seen seen) {
        StepOutcome.Made made = seen.made();
        FlakeSource known = operation.builtFrom();
        if (made == null || made.toplevel() == null || !made.from().equals(known)) {
            return memory.withOperation(Operations.again(view, Operations.locked(operation, made)));
        }
        Operation whole = Operations.withSystem(operation, made.toplevel(), known);
        Situation situation = Objects.requireNonNull(seen.situation());
        return next(memory.withSystem(Sightings.system(view, memory.withOperation(whole), situation)), whole);
    }

    /** What was seen may be a failure itself: only what goes on forgets the one before, so that tries are counted. */
    private Memory assessed(Memory memory, Operation operation, Situation situation) {
        Memory good = memory.withFailure(null);
        return switch (Assessment.of(view, memory, operation.id(), situation)) {
            case Assessment.Free free -> free(memory, operation, situation);
            case Assessment.Arrived arrived ->
                good.withOperation(
                        Operations.enter(view, Operations.remembered(operation, arrived.marker()), Step.Verify));
            case Assessment.Refuse refuse ->
                failed(memory, operation, StepOutcome.Failed.of(refuse.reason(), refuse.message()));
            case Assessment.TakeOver over -> takenOver(memory, operation, over.marker(), situation);
            case Assessment.Adopt adopt -> adopted(good, operation, adopt.marker(), situation);
        };
    }

    private Memory free(Memory memory, Operation operation, Situation situation) {
        boolean stuck = !situation.isInstaller() && !Course.of(view.spec()).has(Step.Kexec);
        return stuck
                ? noInstaller(memory, operation)
                : next(memory.withFailure(null), Operations.foundIn(operation, situation.bootId()));
    }

    private Memory takenOver(Memory memory, Operation operation, Marker marker, Situation situation) {
        String boot = situation.runMarker() != null ? situation.bootId() : "";
        Intent intent = new Intent(marker.planHash(), boot, Timestamp.of(view.now()), null);
        Operation same = Operations.takingOver(operation, marker, intent, workOf(marker, operation));
        return situation.isInstaller()
                ? memory.withFailure(null).withOperation(Operations.enter(view, same, Step.Disks))
                : intoTheInstaller(memory.withFailure(null), same, memory);
    }

    /** Work for another layout than the spec's is not this work: it is held until somebody sorts it out. */
    private @Nullable String workOf(Marker marker, Operation operation) {
        boolean same = view.inputs() instanceof MachineView.Inputs.Resolved resolved
                && (marker.layoutHash() == null || marker.layoutHash().equals(resolved.layoutHash()));
        return same ? operation.inputs() : Operations.ofLayout(marker.layoutHash());
    }

    /** @param stuck remembered where nothing takes it there */
    private Memory intoTheInstaller(Memory onItsWay, Operation operation, Memory stuck) {
        return Course.of(view.spec()).has(Step.Kexec)
                ? onItsWay.withOperation(Operations.back(view, operation, Step.Kexec))
                : noInstaller(stuck, operation);
    }

    private Memory noInstaller(Memory memory, Operation operation) {
        return failed(memory, operation, StepOutcome.Failed.of(Reason.KexecNotEntered, NO_INSTALLER));
    }

    private Memory adopted(Memory memory, Operation operation, Marker marker, Situation situation) {
        Memory adopted = memory.withInstall(
                        Adoption.of(marker, view.spec().install().phases()))
                .withOperation(null);
        Memory installed = adopted.withSystem(Sightings.system(view, adopted, situation))
                .withPreflight(List.of())
                .remember(ended(operation, "Adopted", null));
        return situation.running() == Situation.Running.NIXOS
                ? installed
                : installed.withFailure(Sightings.notTheInstalledSystem(view, situation));
    }

    /** The last look before disks are written was good: the intent goes into status before anything else happens. */
    private Memory gated(Memory memory, Operation operation, Situation situation) {
        if (!isStillWanted(operation)) {
            return memory.withOperation(Operations.back(view, operation, Step.Gate));
        }
        MachinePlan plan = memory.plan();
        if (plan == null || !Objects.equals(plan.operation(), operation.id()) || !Approvals.given(view, memory, plan)) {
            return memory.withOperation(Operations.back(view, operation, Step.Plan));
        }
        Marker there = situation.diskMarker();
        if (there != null && Assessment.isForeign(view, there)) {
            Assessment.Refuse refuse = Assessment.claimed(there);
            return failed(memory, operation, StepOutcome.Failed.of(refuse.reason(), refuse.message()));
        }
        Intent intent = new Intent(
                plan.hash(), situation.bootId(), Timestamp.of(view.now()), there == null ? null : there.operation());
        return memory.withPlan(Plans.begun(plan))
                .withSystem(Sightings.system(view, memory.withOperation(operation), situation))
                .withOperation(Operations.withIntent(Operations.enter(view, operation, Step.Disks), intent));
    }

    /** Nothing is promised for what was suspended, deleted or edited while the gate was looked at. */
    private boolean isStillWanted(Operation operation) {
        return view.inputs() instanceof MachineView.Inputs.Resolved resolved
                && resolved.work().equals(operation.inputs())
                && !view.spec().suspend()
                && !view.deleting()
                && view.claimedBy() == null;
    }

    private static Identity expecting(Memory memory, List<String> keys) {
        return Trust.expecting(Objects.requireNonNullElse(memory.identity(), Sightings.UNKNOWN), keys);
    }

    private Memory finished(Memory memory, Operation operation) {
        MachinePlan plan = memory.plan();
        boolean planned = plan != null && Objects.equals(plan.operation(), operation.id());
        InstallRecord record = new InstallRecord(
                operation.id(),
                Timestamp.of(view.now()),
                view.inputs() instanceof MachineView.Inputs.Resolved resolved ? resolved.layoutHash() : null,
                plan != null && planned ? plan.hash() : null,
                view.spec().install().reinstallToken(),
                Course.of(view.spec()).has(Step.Install) ? operation.toplevel() : null,
                operation.builtFrom(),
                view.spec().install().phases(),
                false,
                Duration.between(operation.startedAt().instant(), view.now()).toSeconds(),
                List.of());
        return Trust.proven(memory, operation.step())
                .withInstall(record)
                .withPlan(plan == null ? null : Plans.settled(plan))
                .withPreflight(List.of())
                .withOperation(null)
                .remember(ended(operation, "Succeeded", null));
    }

    private HistoryEntry ended(Operation operation, String result, @Nullable String message) {
        return new HistoryEntry(
                operation.id(),
                operation.kind().name(),
                result,
                operation.startedAt(),
                Timestamp.of(view.now()),
                message);
    }

    /** The machine is not where the step needs it; where it is tells where to go on. Never past the intent. */
    private Memory elsewhere(Memory memory, Operation operation, Seen seen) {
        Situation situation = Objects.requireNonNull(seen.situation());
        Memory paused = memory.withFailure(moved(memory, operation, situation));
        Intent intent = operation.intent();
        return switch (situation.running()) {
            case NIXOS -> paused.withOperation(Operations.back(view, operation, Step.Preflight));
            case FOREIGN_LINUX ->
                intent == null
                        ? paused.withOperation(Operations.back(view, operation, Step.Preflight))
                        : intoTheInstaller(paused, operation, memory);
            case INSTALLER -> {
                if (intent != null && !wasRefusedUntouched(operation, intent, situation)) {
                    yield paused.withOperation(Operations.back(view, operation, Step.Disks));
                }
                yield Course.of(view.spec()).has(Step.Plan)
                        ? replanned(paused, Operations.withIntent(operation, null), false)
                        : paused;
            }
        };
    }

    /** The disks step itself found, in the boot of the intent, that nothing was begun and the plan no longer holds. */
    private static boolean wasRefusedUntouched(Operation operation, Intent intent, Situation situation) {
        Marker run = situation.runMarker();
        return operation.step() == Step.Disks
                && intent.bootId().equals(situation.bootId())
                && (run == null || !run.operation().equals(operation.id()));
    }

    private Memory replanned(Memory memory, Operation operation, boolean interrupted) {
        MachinePlan plan = memory.plan();
        return memory.withPlan(plan == null ? null : Plans.stale(plan, interrupted))
                .withOperation(Operations.back(view, operation, Step.Plan));
    }

    private Failure moved(Memory memory, Operation operation, Situation situation) {
        String message = "%s expected another place than %s; goes on from there"
                .formatted(operation.step(), Sightings.name(situation));
        return Failures.transientOne(view, memory, operation, Reason.ConnectionLost, message);
    }

    private Memory failed(Memory memory, Operation operation, StepOutcome.Failed failed) {
        return switch (failed.reason()) {
            case FormatInterrupted, FormatFailed -> interrupted(memory, operation, failed);
            case PlanChanged ->
                replanned(memory.withFailure(Failures.of(view, memory, operation, failed)), operation, false);
            default -> memory.withFailure(Failures.of(view, memory, operation, failed));
        };
    }

    /** Disks in an unknown state: a new operation with a new plan, which only a person may approve. */
    private Memory interrupted(Memory memory, Operation operation, StepOutcome.Failed failed) {
        Operation fresh = Operations.begin(view, Objects.requireNonNullElse(operation.inputs(), ""));
        MachinePlan plan = memory.plan() == null ? Plans.lost(operation) : memory.plan();
        return memory.withFailure(Failures.of(view, memory, operation, failed))
                .withPlan(Plans.stale(plan, true))
                .withOperation(Operations.enter(view, fresh, Step.Plan))
                .remember(ended(operation, failed.reason().name(), failed.message()));
    }
}
