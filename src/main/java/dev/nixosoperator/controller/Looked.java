package dev.nixosoperator.controller;

import dev.nixosoperator.lifecycle.Attempt;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.MachineView;
import dev.nixosoperator.lifecycle.MachineView.Inputs;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * When this process looked at machines that have no operation, and for what; a restart looks again, which costs nothing
 * but a login.
 */
final class Looked {
    private final Map<MachineId, Inputs> begun = new ConcurrentHashMap<>();
    private final Map<MachineId, Look> last = new ConcurrentHashMap<>();

    private record Look(Instant end, Inputs inputs) {}

    void begins(MachineId machine, Inputs inputs) {
        begun.put(machine, inputs);
    }

    /** @param ended a look that ended just now counts; one that began with other inputs is none of these */
    @Nullable
    Instant last(MachineId machine, Inputs inputs, MachineView.@Nullable Ended ended, Instant now) {
        Inputs of = ended != null && ended.attempt().equals(Attempt.LOOK) ? begun.remove(machine) : null;
        if (of != null) {
            last.put(machine, new Look(now, of));
        }
        return Optional.ofNullable(last.get(machine))
                .filter(look -> look.inputs().equals(inputs))
                .map(Look::end)
                .orElse(null);
    }

    void forget(MachineId machine) {
        begun.remove(machine);
        last.remove(machine);
    }
}
