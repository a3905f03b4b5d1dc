package dev.nixosoperator.phase;

import java.time.Duration;

/** Waits for a machine that restarts: short pauses that grow, until the deadline. Others may work meanwhile. */
final class Poll {
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(8);

    private final StepContext context;
    private final Pause pause;
    private Duration next = FIRST;

    Poll(StepContext context, Pause pause) {
        this.context = context;
        this.pause = pause;
    }

    /** Pauses; false when the time is over. */
    boolean again() {
        if (!context.clock().instant().plus(next).isBefore(context.deadline())) {
            return false;
        }
        context.turns().away();
        pause.of(next);
        next = next.compareTo(LONGEST) < 0 ? next.multipliedBy(3).dividedBy(2) : next;
        return true;
    }
}
