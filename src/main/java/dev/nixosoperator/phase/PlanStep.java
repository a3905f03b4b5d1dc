package dev.nixosoperator.phase;

import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import dev.nixosoperator.phase.Planning.Planned;
import java.util.List;

/** Works out what will happen to which disk. Reads only. */
final class PlanStep implements PhaseStep {
    @Override
    public StepOutcome advance(StepContext context) {
        List<Role> order = PreflightStep.order(context);
        return Visits.with(context, order, Visits.Depth.MARKERS, visit -> plan(context, visit));
    }

    private static StepOutcome plan(StepContext context, Visit visit) {
        return switch (Planning.draw(context, visit)) {
            case Planned.Drawn drawn -> new StepOutcome.Done(seen(context, visit, drawn));
            case Planned.Not not ->
                new Failed(not.failure().reason(), not.failure().message(), List.of(), visit.seen());
        };
    }

    static Seen seen(StepContext context, Visit visit, Planned.Drawn drawn) {
        return new Seen(
                        visit.situation(),
                        null,
                        visit.hostKey().openSsh(),
                        List.of(),
                        Planning.draft(context, visit, drawn))
                .withJumpHosts(visit.jumpHosts());
    }
}
