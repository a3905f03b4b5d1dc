package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.StepOutcome;

/** Which class does which step. */
public final class Steps {
    private final Settings settings;
    private final Pause pause;

    public Steps(Settings settings, Pause pause) {
        this.settings = settings;
        this.pause = pause;
    }

    public PhaseStep of(Step step) {
        return switch (step) {
            case Preflight, Plan, Kexec, Gate, Disks, Copy, Files, Install, Reboot, Verify, Observe ->
                context -> StepOutcome.Failed.of(Reason.InternalError, step + " is not there yet " + settings + pause);
        };
    }
}
