package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.Install.Kexec;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.lifecycle.Situation;
import dev.nixosoperator.lifecycle.StepOutcome;
import java.util.List;

/** Boots the installer in memory. Done when an installer answers; the old system on the disks is not touched. */
final class KexecStep implements PhaseStep {
    private final Archives archives;
    private final Pause pause;

    KexecStep(Settings settings, Images images, Pause pause) {
        this.archives = new Archives(settings, images);
        this.pause = pause;
    }

    @Override
    public StepOutcome advance(StepContext context) {
        Poll poll = new Poll(context, pause);
        while (true) {
            List<Role> order = List.of(Role.INITIAL, Role.INSTALLER, Role.INSTALLED);
            switch (Visits.visit(context, order, Visits.Depth.FACTS)) {
                case Visits.Visited.At at -> {
                    return arrived(context, at.visit());
                }
                case Visits.Visited.Not not -> {
                    // It may be on its way: a try before this one may have sent it off.
                    if (!not.silent() || context.cancelled().getAsBoolean() || !poll.again()) {
                        return not.failure();
                    }
                }
            }
        }
    }

    private StepOutcome arrived(StepContext context, Visit visit) {
        if (isThere(context, visit.situation())) {
            OwnKey.letRootIn(context, visit);
            return new StepOutcome.Done(visit.seen());
        }
        return isWhatWasPlanned(context, visit.situation())
                ? OwnKey.authorized(context, visit)
                        .<StepOutcome>map(failed -> failed)
                        .orElseGet(() -> new Departure(context, visit, archives, pause).leave())
                : new StepOutcome.Elsewhere(visit.seen());
    }

    /**
     * With {@code mode: Always} the installer that the operation found is left: that one boot and no other, so that no
     * restart of anybody leads to a second kexec, and never one in which the work on the disks has begun.
     */
    static boolean isThere(StepContext context, Situation now) {
        Operation operation = Operations.of(context);
        boolean isLeft = context.spec().install().kexec().mode() == Kexec.Mode.Always
                && operation.intent() == null
                && now.bootId().equals(operation.foundIn());
        return now.isInstaller() && !isLeft;
    }

    /** A plan may wait for days: what answers now may be another machine, or a system that was installed meanwhile. */
    private static boolean isWhatWasPlanned(StepContext context, Situation now) {
        Identity known = context.status().identity();
        if (known == null) {
            return true;
        }
        boolean otherMachine = known.dmiUuid() != null
                && now.dmiUuid() != null
                && !known.dmiUuid().equals(now.dmiUuid());
        boolean newSystem =
                now.running() == Situation.Running.NIXOS && !now.bootId().equals(known.bootId());
        return !otherMachine && !newSystem;
    }
}
