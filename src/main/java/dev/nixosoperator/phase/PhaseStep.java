package dev.nixosoperator.phase;

import dev.nixosoperator.lifecycle.StepOutcome;

/**
 * One step of an installation.
 *
 * <p>{@link #advance} is one try: it connects, looks where the machine is, then starts the step's work or finds it
 * again, and follows it to its end or the deadline. It blocks its (virtual) thread. It may be called again at any time,
 * also after the operator died in the middle of it: what was done is seen on the machine.
 */
@FunctionalInterface
public interface PhaseStep {
    StepOutcome advance(StepContext context);
}
