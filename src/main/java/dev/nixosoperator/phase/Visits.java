package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.lifecycle.Situation;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.Script;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Goes to the machine and looks where it is: how every step begins. */
final class Visits {
    private static final Script SITUATION = Script.load("situation.sh");
    private static final Script FACTS = new Script(
            "facts.sh",
            SITUATION.text()
                    + Script.load("network.sh").text()
                    + Script.load("facts.sh").text());

    private Visits() {}

    /** How much is looked at. */
    enum Depth {
        /** Where the machine is. */
        SITUATION,
        /** Also for a marker on filesystems that are not mounted. */
        MARKERS,
        /** Also all facts. */
        FACTS
    }

    /** A visit, or why there is none. */
    sealed interface Visited {
        record At(Visit visit) implements Visited {}

        /** @param denied null where the machine let us in, and then could not be asked */
        record Not(Failed failure, Access.@Nullable Denied denied) implements Visited {
            /** Nothing answered, or the connection died: what a machine that restarts looks like. */
            boolean silent() {
                return denied == null ? failure.reason() == Reason.ConnectionLost : denied.silent();
            }
        }
    }

    /** For steps in the installer; found elsewhere, {@code lifecycle} decides. */
    static StepOutcome inInstaller(StepContext context, Depth depth, Function<Visit, StepOutcome> work) {
        List<Role> order = List.of(Role.INSTALLER, Role.INITIAL, Role.INSTALLED);
        return with(
                context,
                order,
                depth,
                visit -> visit.situation().isInstaller() ? work.apply(visit) : new StepOutcome.Elsewhere(visit.seen()));
    }

    /** For steps that work on what the Disks step made and mounted. */
    static StepOutcome onDisks(StepContext context, Function<Visit, StepOutcome> work) {
        return inInstaller(
                context,
                Depth.SITUATION,
                visit -> visit.situation().mounted() ? work.apply(visit) : new StepOutcome.Elsewhere(visit.seen()));
    }

    static StepOutcome with(StepContext context, List<Role> order, Depth depth, Function<Visit, StepOutcome> work) {
        return switch (visit(context, order, depth)) {
            case Visited.At at -> work.apply(at.visit());
            case Visited.Not not -> not.failure();
        };
    }

    /** All that makes one login another than the next. */
    private record Tried(List<Endpoint> doors, MachineInputs.Way way) {}

    /** Tries the roles in this order; the first failure is the one that is told. */
    static Visited visit(StepContext context, List<Role> order, Depth depth) {
        List<Visited.Not> failures = new ArrayList<>();
        Set<Tried> tried = new HashSet<>();
        Set<String> silent = new HashSet<>();
        for (Role role : order) {
            List<Endpoint> doors = MachineAccess.doors(context, role).stream()
                    .filter(door -> !silent.contains(address(door)))
                    .toList();
            if (doors.isEmpty() || !tried.add(new Tried(doors, context.inputs().way(role)))) {
                continue;
            }
            Visited visited = visit(context, role, doors, depth);
            if (!(visited instanceof Visited.Not not)) {
                return visited;
            }
            failures.add(not);
            if (not.silent()) {
                doors.forEach(door -> silent.add(address(door)));
            }
        }
        return failures.getFirst();
    }

    private static String address(Endpoint door) {
        return door.host() + " " + door.port();
    }

    static Visited visit(StepContext context, Role role, Depth depth) {
        return visit(context, role, MachineAccess.doors(context, role), depth);
    }

    private static Visited visit(StepContext context, Role role, List<Endpoint> doors, Depth depth) {
        return switch (context.access().open(context, role, doors)) {
            case Access.Open open -> look(context, open, role, depth);
            case Access.Denied denied -> new Visited.Not(failure(context, role, denied, List.of()), denied);
        };
    }

    /** @param log last lines of the work that the connection was for */
    static Failed failure(StepContext context, Role role, Access.Denied denied, List<String> log) {
        boolean acceptable = !context.inputs().way(role).givesKeys();
        return new Failed(denied.reason(), denied.message(), log, shown(denied, acceptable));
    }

    /** A key that was accepted is pinned, whatever failed after it; a refused one never: it is only told. */
    private static @Nullable Seen shown(Access.Denied denied, boolean acceptable) {
        HostKey key = denied.presented();
        if (key == null) {
            return denied.jumpHosts().isEmpty() ? null : Seen.NOTHING.withJumpHosts(denied.jumpHosts());
        }
        Seen seen = denied.reason() == Reason.HostKeyMismatch
                ? Seen.refused(new Identity.Presented(key.openSsh(), key.fingerprint(), acceptable))
                : Seen.NOTHING.withHostKey(key.openSsh());
        return seen.withJumpHosts(denied.jumpHosts());
    }

    private static Visited look(StepContext context, Access.Open open, Role role, Depth depth) {
        Command command =
                switch (depth) {
                    case SITUATION -> Command.script(SITUATION);
                    case MARKERS -> Command.script(SITUATION, "deep", SITUATION.text());
                    case FACTS -> Command.script(FACTS, "deep", SITUATION.text());
                };
        CommandResult result = open.host().run(command);
        if (!(result instanceof CommandResult.Exited exited)) {
            return lost(Reason.ConnectionLost, "the machine let us in and then did not answer: " + result.summary());
        }
        Reading reading = Reading.parse(exited.out());
        if (!reading.get("kernel").isEmpty() && !reading.get("kernel").equals("Linux")) {
            return lost(
                    Reason.NotLinux, "the machine runs " + reading.get("kernel") + "; only Linux can be taken over");
        }
        Optional<String> missing = reading.missing("kernel", "architecture", "boot_id", "situation.end");
        if (missing.isPresent()) {
            return lost(
                    Reason.FactsFailed, "the machine did not say its " + missing.get() + " (" + result.summary() + ")");
        }
        Operation operation = context.status().operation();
        Situation situation = reading.situation(context.machine(), operation == null ? null : operation.id());
        return new Visited.At(new Visit(role, open.host(), open.hostKey(), open.jumpHosts(), reading, situation));
    }

    private static Visited lost(Reason reason, String message) {
        return new Visited.Not(Failed.of(reason, message), null);
    }
}
