package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.StepOutcome;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What one try of a step works with.
 *
 * @param status as the API server acknowledged it; it carries operation, intent, plan and identity
 * @param progress gets what the work says of itself, often; throttling is the caller's
 * @param turns what is shared with other machines' tries
 * @param cancelled whether the work is no longer wanted; asked about every second
 */
public record StepContext(
        MachineId machine,
        NixosMachineSpec spec,
        MachineInputs inputs,
        NixosMachineStatus status,
        MachineAccess access,
        Consumer<StepOutcome.Progress> progress,
        InstantSource clock,
        Turns turns,
        BooleanSupplier cancelled) {
    /** The try ends there. */
    public Instant deadline() {
        return turns.deadline();
    }
}
