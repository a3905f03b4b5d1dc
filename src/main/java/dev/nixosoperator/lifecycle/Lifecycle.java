package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Failure;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.SystemSource;
import dev.nixosoperator.lifecycle.Decision.Settled;
import dev.nixosoperator.lifecycle.MachineView.Inputs;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Decides what happens next to a machine: first what ended is taken in, then a chain of guards, each of which stops the
 * machine for its own reason, then the next step.
 */
public final class Lifecycle {
    /** How long an installed machine may be silent before it counts as unreachable. */
    static final Duration GRACE = Duration.ofMinutes(5);

    public Decision decide(MachineView view) {
        Memory memory = takeIn(view, Memory.of(view.status()))
                .withHandledRequest(view.requests().reconcileAt());
        if (view.deleting() || view.spec().suspend()) {
            return new Decision.Stop(memory);
        }
        if (view.claimedBy() != null) {
            return new Decision.Hold(memory, Reason.MachineClaimed, claimed(view.claimedBy()), null);
        }
        return switch (view.inputs()) {
            case Inputs.Unresolved missing -> unresolved(view, memory, missing);
            case Inputs.Resolved inputs -> resolved(view, Trust.accepted(view, memory), inputs);
        };
    }

    private static Memory takeIn(MachineView view, Memory memory) {
        MachineView.Ended ended = view.ended();
        if (ended == null) {
            return memory;
        }
        Operation operation = memory.operation();
        if (operation == null) {
            return ended.attempt().equals(Attempt.LOOK) ? Looks.absorb(view, memory, ended.outcome()) : memory;
        }
        return ended.attempt().equals(Attempt.of(operation))
                ? new Outcomes(view).absorb(memory, operation, ended.outcome())
                : memory;
    }

    private static String claimed(String other) {
        return "NixosMachine %s is the same machine and older; delete one of the two or correct spec.connection.host"
                .formatted(other);
    }

    /** What runs has its own inputs and may end; nothing new is begun. */
    private static Decision unresolved(MachineView view, Memory memory, Inputs.Unresolved missing) {
        return view.running() && memory.operation() != null && !HandsOff.applies(view.spec())
                ? new Decision.Run(memory)
                : new Decision.Hold(memory, missing.reason(), missing.message(), null);
    }

    private static Decision resolved(MachineView view, Memory memory, Inputs.Resolved inputs) {
        if (HandsOff.applies(view.spec())) {
            return HandsOff.decide(view, memory);
        }
        Operation operation = memory.operation();
        if (operation == null) {
            return isInstallationDue(view, memory)
                    ? go(view, begun(view, memory, inputs), inputs)
                    : settled(view, memory);
        }
        Operation known = Operations.recognised(operation, inputs);
        return go(view, edited(view, memory.withOperation(known), known, inputs), inputs);
    }

    private static boolean isInstallationDue(MachineView view, Memory memory) {
        InstallRecord install = memory.install();
        if (install == null) {
            return true;
        }
        String token = view.spec().install().reinstallToken();
        boolean reinstall = token != null && !token.equals(install.reinstallToken());
        boolean more =
                !Set.copyOf(install.phases()).containsAll(view.spec().install().phases());
        return reinstall || more;
    }

    private static Memory begun(MachineView view, Memory memory, Inputs.Resolved inputs) {
        MachinePlan plan = memory.plan();
        return memory.withFailure(null)
                .withPreflight(List.of())
                .withPlan(plan == null ? null : Plans.stale(plan, false))
                .withOperation(Operations.begin(view, inputs.work()));
    }

    /** The spec moved on while the work goes on: before the format everything begins anew, after it only the system may change. */
    private static Memory edited(MachineView view, Memory memory, Operation operation, Inputs.Resolved inputs) {
        boolean formatted = operation.intent() != null;
        if (!formatted && !inputs.work().equals(operation.inputs())) {
            return begun(view, memory, inputs);
        }
        SystemSource wanted = view.spec().system();
        if (Wanted.isOf(wanted, operation) || operation.step().compareTo(Step.Install) > 0 || view.running()) {
            return memory;
        }
        boolean onItsWay = formatted && operation.step().compareTo(Step.Disks) > 0;
        Step from = onItsWay ? Wanted.bringing(wanted) : min(operation.step(), formatted ? Step.Disks : Step.Gate);
        Operation changed = Operations.asking(operation, wanted);
        return memory.withFailure(null).withOperation(Operations.back(view, changed, from));
    }

    private static Step min(Step one, Step other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    /** The operation goes on, unless a failure, a plan or the time holds it. */
    private static Decision go(MachineView view, Memory memory, Inputs.Resolved inputs) {
        Operation operation = Objects.requireNonNull(memory.operation());
        return view.running() && isOfRunningTry(view, operation)
                ? new Decision.Run(memory)
                : goOn(view, withApproval(view, memory, operation), operation, inputs);
    }

    /** The promise may be old: a try that was only queued was stopped. The next one is told whether the approval still stands. */
    private static Memory withApproval(MachineView view, Memory memory, Operation operation) {
        MachinePlan plan = memory.plan();
        return operation.step() == Step.Disks && plan != null
                ? memory.withPlan(
                        Plans.approved(plan, isPlanned(memory, operation) && Approvals.stands(view, memory, plan)))
                : memory;
    }

    private static Decision goOn(MachineView view, Memory memory, Operation operation, Inputs.Resolved inputs) {
        if (operation.intent() != null && !inputs.work().equals(operation.inputs())) {
            return hold(memory, Reason.PlanChanged, LAYOUT_MOVED);
        }
        if (operation.step() == Step.Plan && isPlanned(memory, operation)) {
            return planned(view, memory, operation, inputs);
        }
        Failure failure = memory.failure();
        if (failure == null) {
            return inTime(view, memory, operation);
        }
        if (isReplanning(operation, failure)) {
            return new Decision.Run(memory);
        }
        if (Failures.isOutdated(view, failure)) {
            return new Decision.Run(resumed(view, memory, operation));
        }
        if (failure.nextRetry() == null) {
            return hold(memory, failure.reason(), failure.message());
        }
        return failure.nextRetry().isAfter(view.now())
                ? new Decision.Wait(memory, failure.nextRetry().instant())
                : inTime(view, memory, operation);
    }

    private static final String LAYOUT_MOVED = "the layout, disks or disk mode changed after formatting began; set them"
            + " back to go on, or change spec.install.reinstallToken once the machine is installed";

    private static boolean isOfRunningTry(MachineView view, Operation operation) {
        Operation stored = view.status().operation();
        return stored != null && Attempt.of(stored).equals(Attempt.of(operation));
    }

    private static boolean isPlanned(Memory memory, Operation operation) {
        MachinePlan plan = memory.plan();
        return plan != null && operation.id().equals(plan.operation());
    }

    /** The plan must be made anew before anybody can decide on the failure that is shown. */
    private static boolean isReplanning(Operation operation, Failure failure) {
        return operation.step() == Step.Plan
                && (failure.reason() == Reason.PlanChanged
                        || failure.reason() == Reason.FormatInterrupted
                        || failure.reason() == Reason.FormatFailed);
    }

    private static Decision planned(MachineView view, Memory memory, Operation operation, Inputs.Resolved inputs) {
        MachinePlan plan = Objects.requireNonNull(memory.plan());
        boolean approved = Approvals.given(view, memory, plan);
        Memory judged = memory.withPlan(Plans.approved(plan, approved));
        if (!approved) {
            return hold(
                    judged, plan.interrupted() ? Reason.FormatInterrupted : Reason.AwaitingApproval, awaiting(plan));
        }
        Step next = Objects.requireNonNull(Course.of(view.spec()).after(Step.Plan));
        boolean waited = plan.need() != MachinePlan.ApprovalNeed.None || plan.interrupted();
        Operation from = waited ? Operations.resumed(view, operation) : operation;
        Operation moved = Operations.enter(view, from, next);
        return go(view, judged.withFailure(null).withOperation(moved), inputs);
    }

    private static String awaiting(MachinePlan plan) {
        String why =
                plan.interrupted() ? "formatting was interrupted or failed, so what is on the disks is unknown; " : "";
        return why + "plan " + plan.hash() + " waits for approval";
    }

    private static Memory resumed(MachineView view, Memory memory, Operation operation) {
        Operation again = Operations.resumed(view, failedToBuild(memory) ? Operations.unlocked(operation) : operation);
        boolean formatted = operation.intent() != null;
        return memory.withFailure(null).withOperation(formatted ? again : Operations.back(view, again, Step.Preflight));
    }

    /** Whoever mended the flake, or gave up on what was resolved, wants what it is now. */
    private static boolean failedToBuild(Memory memory) {
        Failure failure = memory.failure();
        return failure != null
                && failure.step() == Step.Build
                && switch (failure.reason()) {
                    case FlakeInvalid,
                            SourceUnavailable,
                            EvaluationFailed,
                            AttributeNotFound,
                            ArchitectureMismatch,
                            BuildFailed,
                            RetriesExhausted -> true;
                    default -> false;
                };
    }

    private static Decision inTime(MachineView view, Memory memory, Operation operation) {
        if (!Operations.isOverdue(view, operation)) {
            return new Decision.Run(memory.failure() == null ? memory : retrying(view, memory, operation));
        }
        String message = "the installation took longer than spec.install.timeout (%s), at %s"
                .formatted(view.spec().install().timeout().text(), operation.step());
        Failure late = Failures.lasting(view, Reason.RetriesExhausted, operation.step(), message);
        return hold(memory.withFailure(late), late.reason(), late.message());
    }

    /** A new try has its own deadline; the failure stays in status until the try is done. */
    private static Memory retrying(MachineView view, Memory memory, Operation operation) {
        Failure failure = Objects.requireNonNull(memory.failure());
        boolean fresh = failure.nextRetry() != null
                && operation
                        .stepStartedAt()
                        .instant()
                        .isBefore(failure.nextRetry().instant());
        return fresh ? memory.withOperation(Operations.again(view, operation)) : memory;
    }

    private static Decision hold(Memory memory, Reason reason, String message) {
        return new Decision.Hold(memory, reason, message, null);
    }

    private static Decision settled(MachineView view, Memory memory) {
        return HandsOff.isInstalled(memory.install())
                ? Looks.next(view, memory, Settled.READY)
                : new Decision.Idle(memory, Settled.PHASES_DONE, view.now().plus(Looks.interval(view)));
    }
}
