package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Failure;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import java.util.Objects;

/** What a failure means for the next try: time, a change or a person. */
final class Failures {
    private Failures() {}

    static Failure of(MachineView view, Memory memory, Operation operation, StepOutcome.Failed failed) {
        return failed.reason().kind() == Reason.Kind.Transient
                ? transientOne(view, memory, operation, failed.reason(), failed.message())
                : lasting(view, failed.reason(), operation.step(), failed.message());
    }

    /** Tried again later, as often as {@code install.retries} says. */
    static Failure transientOne(MachineView view, Memory memory, Operation operation, Reason reason, String message) {
        int count = countInARow(memory, operation.step()) + 1;
        if (count > view.spec().install().retries()) {
            String all = "gave up after %d tries of %s; the last: %s: %s"
                    .formatted(count, operation.step(), reason, message);
            return lasting(view, Reason.RetriesExhausted, operation.step(), all);
        }
        return retried(view, reason, operation.step(), message, count);
    }

    static Failure retried(MachineView view, Reason reason, Step step, String message, int count) {
        Timestamp next =
                Timestamp.of(view.now().plus(Backoff.pause(count, view.id().uid())));
        return new Failure(Reason.Kind.Transient, reason, step, message, count, next, keyOfTry(view));
    }

    static Failure lasting(MachineView view, Reason reason, Step step, String message) {
        Reason.Kind kind = reason.kind() == Reason.Kind.Transient ? Reason.Kind.Human : reason.kind();
        return new Failure(kind, reason, step, message, 1, null, keyOfTry(view));
    }

    static int countInARow(Memory memory, Step step) {
        Failure before = memory.failure();
        return before != null && before.step() == step ? before.count() : 0;
    }

    /** Something else than the inputs changed that makes a new try worth it. */
    static Failure outdated(Failure failure) {
        return new Failure(
                failure.kind(),
                failure.reason(),
                failure.step(),
                failure.message(),
                failure.count(),
                failure.nextRetry(),
                null);
    }

    /** Whether something changed since it failed that makes a new try worth it. */
    static boolean isOutdated(MachineView view, Failure failure) {
        return !Objects.equals(failure.inputs(), key(view));
    }

    private static String key(MachineView view) {
        return key(view, view.inputs() instanceof MachineView.Inputs.Resolved resolved ? resolved.all() : "");
    }

    /** A Secret that was replaced while a try still worked with the old one is a change since it failed. */
    private static String keyOfTry(MachineView view) {
        String inputs = view.ended() == null ? null : view.ended().inputs();
        return inputs == null ? key(view) : key(view, inputs);
    }

    private static String key(MachineView view, String inputs) {
        return inputs + "@" + Objects.requireNonNullElse(view.requests().reconcileAt(), "");
    }
}
