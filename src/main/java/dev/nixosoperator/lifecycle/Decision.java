package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happens next to a machine. {@link #memory()} is stored before anything of it is done; a try starts only from the
 * acknowledged status.
 */
public sealed interface Decision {
    Memory memory();

    /** The operation's step shall run (it goes on if it runs already). */
    record Run(Memory memory) implements Decision {}

    /** A passing failure: the operation's step is tried again at {@code until}. */
    record Wait(Memory memory, Instant until) implements Decision {}

    /**
     * Nothing goes on until a person, the spec, a Secret or the machine changes something.
     *
     * @param lookAgain when it is looked at again all the same; null: only when something changes
     */
    record Hold(Memory memory, Reason reason, String message, @Nullable Instant lookAgain) implements Decision {}

    /** All is as wanted; looked at again at {@code until}. */
    record Idle(Memory memory, Settled settled, Instant until) implements Decision {}

    /**
     * A settled machine shall be looked at ({@code Step.Observe}). Nothing is stored for it, so that a look that finds
     * nothing new writes nothing; its attempt is {@link Attempt#LOOK}.
     */
    record Look(Memory memory, Settled settled) implements Decision {}

    /** Suspended or deleted: what runs is cancelled, nothing is begun. */
    record Stop(Memory memory) implements Decision {}

    /** In what way a machine is settled. */
    enum Settled {
        /** Installed and proven. */
        READY,
        /** The phases that were asked for are done; the machine stays in the installer. */
        PHASES_DONE,
        /** Only looked at, as the policy says; all that was seen is told. */
        OBSERVED,
        /** Not seen yet as the spec is now. */
        LOOKING,
        /** Installed, but not reachable for longer than the grace time. */
        UNREACHABLE
    }
}
