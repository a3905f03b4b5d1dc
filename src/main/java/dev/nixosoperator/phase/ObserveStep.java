package dev.nixosoperator.phase;

import dev.nixosoperator.lifecycle.StepOutcome;
import java.util.List;

/** Looks where a settled machine is; changes nothing. */
final class ObserveStep implements PhaseStep {
    @Override
    public StepOutcome advance(StepContext context) {
        List<Role> order = PreflightStep.order(context);
        return Visits.with(context, order, Visits.Depth.SITUATION, visit -> new StepOutcome.Done(visit.seen()));
    }
}
