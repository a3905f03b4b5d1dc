package dev.nixosoperator.controller;

import dev.nixosoperator.lifecycle.Attempt;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.MachineView;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** When this process looked at settled machines; a restart looks again, which costs nothing but a login. */
final class Looked {
    private final Map<MachineId, Instant> last = new ConcurrentHashMap<>();

    /** @param ended a look that ended just now counts */
    @Nullable
    Instant last(MachineId machine, MachineView.@Nullable Ended ended, Instant now) {
        if (ended != null && ended.attempt().equals(Attempt.LOOK)) {
            last.put(machine, now);
        }
        return last.get(machine);
    }

    void forget(MachineId machine) {
        last.remove(machine);
    }
}
