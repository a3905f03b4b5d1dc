package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Operation.Intent;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How an operation moves on. */
final class Operations {
    private Operations() {}

    static Operation begin(MachineView view, String workInputs) {
        Timestamp now = Timestamp.of(view.now());
        return new Operation(
                view.freshOperationId(),
                Operation.Kind.Install,
                Step.Preflight,
                null,
                null,
                null,
                null,
                1,
                workInputs,
                view.spec().system().storePath().toplevel(),
                now,
                now,
                now,
                null,
                deadline(view, Step.Preflight, view.now()),
                null,
                null);
    }

    /** The first try of {@code step}. */
    static Operation enter(MachineView view, Operation from, Step step) {
        return at(view, from, step, 1, from.activeSince(), from.intent());
    }

    /** The same step once more; an outcome of an earlier try no longer counts. */
    static Operation again(MachineView view, Operation from) {
        return at(view, from, from.step(), from.attempt() + 1, from.activeSince(), from.intent());
    }

    /** Back to another step, as a further try: so that an old outcome of that step cannot be taken for a new one. */
    static Operation back(MachineView view, Operation from, Step step) {
        return at(view, from, step, from.attempt() + 1, from.activeSince(), from.intent());
    }

    /** After waiting for a person, time counts anew. */
    static Operation resumed(MachineView view, Operation from) {
        return at(view, from, from.step(), from.attempt() + 1, Timestamp.of(view.now()), from.intent());
    }

    static Operation withIntent(Operation from, @Nullable Intent intent) {
        return copy(from, from.id(), from.inputs(), from.toplevel(), from.foundIn(), intent);
    }

    static Operation withToplevel(Operation from, String toplevel) {
        return copy(from, from.id(), from.inputs(), toplevel, from.foundIn(), from.intent());
    }

    /** Goes on with what another operation of the same machine began; the machine knows it by that id. */
    static Operation takingOver(Operation from, String id, Intent intent, @Nullable String inputs) {
        return copy(from, id, inputs, from.toplevel(), from.foundIn(), intent);
    }

    /** Only the first look counts: what was booted since then may be the operation's own work. */
    static Operation foundIn(Operation from, String bootId) {
        return from.foundIn() != null
                ? from
                : copy(from, from.id(), from.inputs(), from.toplevel(), bootId, from.intent());
    }

    private static Operation copy(
            Operation from,
            String id,
            @Nullable String inputs,
            String toplevel,
            @Nullable String foundIn,
            @Nullable Intent intent) {
        return new Operation(
                id,
                from.kind(),
                from.step(),
                from.progress(),
                from.percent(),
                from.bytes(),
                from.message(),
                from.attempt(),
                inputs,
                toplevel,
                from.startedAt(),
                from.activeSince(),
                from.stepStartedAt(),
                from.lastProgressAt(),
                from.deadline(),
                foundIn,
                intent);
    }

    private static Operation at(
            MachineView view, Operation from, Step step, int attempt, Timestamp activeSince, @Nullable Intent intent) {
        return new Operation(
                from.id(),
                from.kind(),
                step,
                null,
                null,
                null,
                null,
                attempt,
                from.inputs(),
                from.toplevel(),
                from.startedAt(),
                activeSince,
                Timestamp.of(view.now()),
                null,
                deadline(view, step, activeSince.instant()),
                from.foundIn(),
                intent);
    }

    /** A step ends when its own time or that of the whole installation is over. */
    private static Timestamp deadline(MachineView view, Step step, Instant activeSince) {
        Duration whole = view.spec().install().timeout().duration();
        Instant own = view.now().plus(Deadlines.of(step, view.spec().install()));
        Instant all = activeSince.plus(whole);
        return Timestamp.of(own.isBefore(all) ? own : all);
    }

    static boolean isOverdue(MachineView view, Operation operation) {
        Duration whole = view.spec().install().timeout().duration();
        return view.now().isAfter(operation.activeSince().instant().plus(whole));
    }
}
