package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Step;

/** Which class does which step. One instance serves the process. */
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
        return switch (step) {
            case Preflight -> new PreflightStep();
            case Plan -> new PlanStep();
            case Kexec -> new KexecStep(settings, images, pause);
            case Gate -> new GateStep();
            case Disks -> new DisksStep(pause);
            case Copy -> new CopyStep(pause);
            case Files -> new FilesStep();
            case Install -> new InstallStep(pause);
            case Reboot -> new RebootStep();
            case Verify -> new VerifyStep(pause);
            case Observe -> new ObserveStep();
        };
    }
}
