package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Condition;
import dev.nixosoperator.api.v1alpha1.Failure;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.SystemSource;
import dev.nixosoperator.api.v1alpha1.SystemState;
import dev.nixosoperator.lifecycle.Course;
import dev.nixosoperator.lifecycle.Decision;
import dev.nixosoperator.lifecycle.MachineView;
import dev.nixosoperator.lifecycle.MachineView.Inputs;
import dev.nixosoperator.lifecycle.Memory;
import dev.nixosoperator.lifecycle.Wanted;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * PURE: the status that people and tools see, made from a decision. Follows kstatus: Reconciling and Stalled are there
 * only while True and never both, and Ready is computed from the rest.
 */
final class StatusReport {
    private final MachineView view;
    private final Decision decision;
    private final Standing standing;
    private final Memory memory;
    private final Conditions conditions;

    private StatusReport(MachineView view, Decision decision, Standing standing) {
        this.view = view;
        this.decision = decision;
        this.standing = standing;
        this.memory = decision.memory();
        this.conditions = new Conditions(view.status().conditions(), view.now(), view.generation());
    }

    /** @param standing of the try that runs or shall run */
    static NixosMachineStatus of(MachineView view, Decision decision, Standing standing) {
        return new StatusReport(view, decision, standing).status();
    }

    private NixosMachineStatus status() {
        Operation operation = memory.operation() == null
                ? null
                : Progressed.of(view.now(), Course.of(view.spec()), memory.operation(), standing);
        List<Condition> all = conditions(operation);
        boolean settled = Conditions.isTrue(all, Types.READY) || Conditions.isTrue(all, Types.STALLED);
        return new NixosMachineStatus(
                settled ? (Long) view.generation() : view.status().observedGeneration(),
                phase(),
                memory.lastSeen(),
                memory.handledRequest(),
                all,
                memory.facts(),
                memory.identity(),
                operation,
                memory.plan(),
                memory.install(),
                memory.system(),
                memory.failure(),
                memory.preflight(),
                memory.history());
    }

    private List<Condition> conditions(@Nullable Operation operation) {
        if (decision instanceof Decision.Stop) {
            return suspended();
        }
        readiness(operation);
        references();
        reachable();
        plan();
        installed();
        return conditions.list();
    }

    /** Nothing is judged while suspended: all stays as it was, but that work goes on is no longer true. */
    private List<Condition> suspended() {
        for (Condition old : view.status().conditions()) {
            if (!old.type().equals(Types.RECONCILING) && !old.type().equals(Types.PAUSED)) {
                conditions.keep(old);
            }
        }
        if (view.spec().suspend()) {
            conditions.setTrue(Types.PAUSED, "Suspended", "spec.suspend is true: nothing is begun");
        }
        return conditions.list();
    }

    private void readiness(@Nullable Operation operation) {
        switch (decision) {
            case Decision.Run run -> working(Objects.requireNonNull(operation));
            case Decision.Wait wait -> retried(Advice.retry(view, memory.failure(), wait.until()));
            case Decision.Hold hold -> {
                String message = Advice.held(view.id(), hold.reason(), hold.message(), memory);
                conditions.setFalse(Types.READY, hold.reason().name(), message);
                conditions.setTrue(Types.STALLED, hold.reason().name(), message);
            }
            case Decision.Idle idle -> settled(idle.settled());
            case Decision.Look look -> settled(look.settled());
            case Decision.Stop stop -> throw new IllegalStateException("handled before");
        }
    }

    private void working(Operation operation) {
        String message = Advice.working(operation, Course.of(view.spec()).position(operation.step()));
        if (memory.failure() != null) {
            retried(memory.failure().message() + "; now: " + message);
            return;
        }
        String reason = isQueued() ? Types.QUEUED : operation.step().name();
        conditions.set(Types.READY, Condition.UNKNOWN, reason, message);
        conditions.setTrue(Types.RECONCILING, Types.PROGRESSING, message);
    }

    private boolean isQueued() {
        return standing instanceof Standing.Queued;
    }

    private void retried(String message) {
        Failure failure = memory.failure();
        conditions.setFalse(
                Types.READY, failure == null ? Types.RETRYING : failure.reason().name(), message);
        conditions.setTrue(Types.RECONCILING, Types.RETRYING, message);
    }

    private void settled(Decision.Settled settled) {
        switch (settled) {
            case READY -> {
                SystemState system = memory.system();
                String name = system == null || system.name() == null ? "the system" : system.name();
                conditions.setTrue(Types.READY, Types.SUCCEEDED, "installed, runs " + name);
            }
            case PHASES_DONE ->
                conditions.setTrue(
                        Types.READY,
                        "PhasesDone",
                        "done: %s; the machine stays in the installer"
                                .formatted(view.spec().install().phases()));
            case OBSERVED -> conditions.setTrue(Types.READY, "Observed", Observed.message(memory));
            case LOOKING -> looking("looking at the machine");
            case UNREACHABLE -> {
                String why =
                        memory.failure() == null ? "" : ": " + memory.failure().message();
                String message = "%s, but does not answer%s; tried again and again"
                        .formatted(memory.install() == null ? "observed" : "installed", why);
                conditions.setFalse(Types.READY, "Unreachable", message);
                conditions.setTrue(Types.RECONCILING, Types.RETRYING, message);
            }
        }
    }

    private void looking(String message) {
        if (memory.failure() != null) {
            retried(memory.failure().message() + "; now: " + message);
            return;
        }
        conditions.set(Types.READY, Condition.UNKNOWN, Step.Observe.name(), message);
        conditions.setTrue(Types.RECONCILING, Types.PROGRESSING, message);
    }

    private void references() {
        switch (view.inputs()) {
            case Inputs.Resolved all ->
                conditions.setTrue(Types.RESOLVED_REFS, "Resolved", "every object that the spec names is there");
            case Inputs.Unresolved missing ->
                conditions.setFalse(Types.RESOLVED_REFS, missing.reason().name(), missing.message());
        }
    }

    private void reachable() {
        Failure failure = memory.failure();
        if (failure != null && isAboutAccess(failure.reason())) {
            conditions.setFalse(Types.REACHABLE, failure.reason().name(), failure.message());
        } else if (memory.lastSeen() != null) {
            conditions.setTrue(Types.REACHABLE, "Connected", "the machine answered when it was last asked");
        }
    }

    private static boolean isAboutAccess(Reason reason) {
        return switch (reason) {
            case JumpHostUnreachable,
                    JumpHostRefused,
                    DNSFailed,
                    ConnectTimeout,
                    ConnectionRefused,
                    ConnectionLost,
                    AlgorithmsUnsupported,
                    AuthenticationFailed,
                    HostKeyMismatch,
                    PrivilegeDenied,
                    KexecNoReturn,
                    BootTimeout -> true;
            default -> false;
        };
    }

    private void plan() {
        MachinePlan plan = memory.plan();
        Operation operation = memory.operation();
        if (plan == null || operation == null) {
            return;
        }
        if (plan.approved()) {
            conditions.setTrue(Types.PLAN_APPROVED, "Approved", "plan " + plan.hash() + " may be carried out");
        } else {
            conditions.setFalse(
                    Types.PLAN_APPROVED, "AwaitingApproval", "plan " + plan.hash() + " may not be carried out yet");
        }
    }

    private void installed() {
        InstallRecord install = memory.install();
        if (install == null) {
            conditions.setFalse(Types.INSTALLED, "NotInstalled", "no installation has ended yet");
            return;
        }
        conditions.setTrue(
                Types.INSTALLED,
                install.adopted() ? "Adopted" : "Installed",
                (install.adopted() ? "found installed at " : "installed at ")
                        + install.time().text());
        upToDate();
        layoutInSync(install);
    }

    private void upToDate() {
        SystemState system = memory.system();
        String wanted = Wanted.toplevel(view.spec().system(), memory);
        if (system == null || system.current() == null) {
            return;
        }
        if (system.current().equals(wanted)) {
            conditions.setTrue(Types.UP_TO_DATE, "UpToDate", "runs the system of the spec");
        } else {
            conditions.setFalse(
                    Types.UP_TO_DATE,
                    "Outdated",
                    "runs %s, the spec says %s".formatted(system.current(), wanted == null ? asked() : wanted));
        }
    }

    /** A system that is not built. */
    private String asked() {
        SystemSource.Flake flake = view.spec().system().flake();
        return flake == null ? "nothing" : "%s of the flake %s".formatted(flake.attribute(), flake.ref());
    }

    private void layoutInSync(InstallRecord install) {
        if (install.layoutHash() == null || !(view.inputs() instanceof Inputs.Resolved resolved)) {
            return;
        }
        String differs = String.join("; ", install.drift());
        if (!install.layoutHash().equals(resolved.layoutHash())) {
            conditions.setFalse(
                    Types.LAYOUT_IN_SYNC,
                    "LayoutChanged",
                    "the layout changed after the installation; an installed machine is never formatted because of"
                            + " that. "
                            + (differs.isEmpty() ? "What the machine shows is as the layout says" : differs));
        } else if (!differs.isEmpty()) {
            conditions.setFalse(Types.LAYOUT_IN_SYNC, "Drifted", "the disks are not as the layout says. " + differs);
        } else {
            conditions.setTrue(Types.LAYOUT_IN_SYNC, "InSync", "the disks were made from this layout");
        }
    }

    private String phase() {
        return switch (decision) {
            case Decision.Stop stop -> view.deleting() ? "Deleting" : "Suspended";
            case Decision.Hold hold -> hold.reason() == Reason.AwaitingApproval ? "AwaitingApproval" : "Failed";
            case Decision.Run run when isQueued() -> Types.QUEUED;
            case Decision.Run run ->
                word(Objects.requireNonNull(memory.operation()).step());
            case Decision.Wait wait ->
                memory.operation() == null
                        ? "Connecting"
                        : word(memory.operation().step());
            case Decision.Idle idle -> word(idle.settled());
            case Decision.Look look -> word(look.settled());
        };
    }

    private static String word(Decision.Settled settled) {
        return switch (settled) {
            case READY, PHASES_DONE, OBSERVED -> "Ready";
            case UNREACHABLE, LOOKING -> "Connecting";
        };
    }

    private static String word(Step step) {
        return switch (step) {
            case Plan -> "Planning";
            case Gate -> "Disks";
            case Build -> "Building";
            case Observe -> "Ready";
            case Preflight, Kexec, Disks, Copy, Files, Install, Reboot, Verify -> step.name();
        };
    }
}
