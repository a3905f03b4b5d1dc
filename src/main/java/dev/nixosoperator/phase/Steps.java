package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.HandsOff;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;

/** Which class does which step, and a last look at whether the policy lets it. One instance serves the process. */
public final class Steps {
    private final Settings settings;
    private final Images images;
    private final Pause pause;

    public Steps(Settings settings, Pause pause) {
        this.settings = settings;
        this.images = new Images(settings.cache());
        this.pause = pause;
    }

    public PhaseStep of(Step step) {
        PhaseStep plain = plain(step);
        return context -> HandsOff.permits(context.spec(), step)
                ? context.access().inUse(context.machine().uid(), () -> plain.advance(context))
                : Failed.of(
                        Reason.PolicyChanged,
                        "%s is not for spec.managementPolicy %s; nothing was done"
                                .formatted(step, context.spec().managementPolicy()));
    }

    private PhaseStep plain(Step step) {
        return switch (step) {
            case Preflight -> new PreflightStep(settings, images);
            case Plan -> new PlanStep();
            case Kexec -> new KexecStep(settings, images, pause);
            case Gate -> new GateStep();
            case Disks -> new DisksStep(pause);
            case Copy -> new CopyStep(pause);
            case Build -> new BuildStep(pause);
            case Files -> new FilesStep();
            case Install -> new InstallStep(pause);
            case Reboot -> new RebootStep();
            case Verify -> new VerifyStep(pause);
            case Observe -> new ObserveStep(new PreflightStep(settings, images), pause);
        };
    }
}
