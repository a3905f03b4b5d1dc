package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Operation.Intent;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.SystemSource;
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
                Wanted.path(view.spec().system()),
                Wanted.flake(view.spec().system()),
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
        return copy(from, from.id(), from.inputs(), from.toplevel(), from.builtFrom(), from.foundIn(), intent);
    }

    /** For what the spec asks now; nothing of it is resolved or built yet. */
    static Operation asking(Operation from, SystemSource system) {
        return withSystem(from, Wanted.path(system), Wanted.flake(system));
    }

    /** What is resolved once stays resolved: a try that comes later may have seen another revision. */
    static Operation locked(Operation from, StepOutcome.@Nullable Made made) {
        FlakeSource known = from.builtFrom();
        return made == null || known == null || known.locked() != null
                ? from
                : withSystem(from, from.toplevel(), made.from());
    }

    /** Of a revision that could not be built: somebody mended the flake, or the way to it. */
    static Operation unlocked(Operation from) {
        FlakeSource known = from.builtFrom();
        return known == null || from.toplevel() != null
                ? from
                : withSystem(from, null, new FlakeSource(known.ref(), known.attribute(), null, null));
    }

    static Operation withSystem(Operation from, @Nullable String toplevel, @Nullable FlakeSource builtFrom) {
        return copy(from, from.id(), from.inputs(), toplevel, builtFrom, from.foundIn(), from.intent());
    }

    /** Goes on with what another operation of the same machine began; the machine knows it by that id, and the revision. */
    static Operation takingOver(Operation from, Marker marker, Intent intent, @Nullable String inputs) {
        Operation same = remembered(from, marker);
        return copy(from, marker.operation(), inputs, same.toplevel(), same.builtFrom(), from.foundIn(), intent);
    }

    /** Of work that a marker tells of: all that it says of what that was for. */
    static String ofLayout(@Nullable String hash) {
        return "layout " + hash;
    }

    /** Work for another layout than the spec's is held; when the spec has that layout again it goes on, as if it always had. */
    static Operation recognised(Operation from, MachineView.Inputs.Resolved inputs) {
        return inputs.layoutHash() != null && ofLayout(inputs.layoutHash()).equals(from.inputs())
                ? copy(from, from.id(), inputs.work(), from.toplevel(), from.builtFrom(), from.foundIn(), from.intent())
                : from;
    }

    /** What the machine's marker says of a system that is built, where status has lost it. */
    static Operation remembered(Operation from, Marker marker) {
        FlakeSource wanted = from.builtFrom();
        FlakeSource there = marker.builtFrom();
        boolean same = wanted != null
                && there != null
                && wanted.ref().equals(there.ref())
                && wanted.attribute().equals(there.attribute());
        return same && from.toplevel() == null ? withSystem(from, marker.toplevel(), there) : from;
    }

    /** Only the first look counts: what was booted since then may be the operation's own work. */
    static Operation foundIn(Operation from, String bootId) {
        return from.foundIn() != null
                ? from
                : copy(from, from.id(), from.inputs(), from.toplevel(), from.builtFrom(), bootId, from.intent());
    }

    private static Operation copy(
            Operation from,
            String id,
            @Nullable String inputs,
            @Nullable String toplevel,
            @Nullable FlakeSource builtFrom,
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
                builtFrom,
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
                from.builtFrom(),
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
