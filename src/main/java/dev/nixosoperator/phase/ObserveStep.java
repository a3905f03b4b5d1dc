package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.lifecycle.HandsOff;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.util.ArrayList;
import java.util.List;

/** Looks where a machine without an operation is; changes nothing but what {@link Additive} adds. */
final class ObserveStep implements PhaseStep {
    private final PreflightStep preflight;

    private final Pause pause;

    ObserveStep(PreflightStep preflight, Pause pause) {
        this.preflight = preflight;
        this.pause = pause;
    }

    @Override
    public StepOutcome advance(StepContext context) {
        if (!HandsOff.isSurveyed(context.spec(), context.status())) {
            return Visits.with(context, PreflightStep.order(context), Visits.Depth.SITUATION, visit -> new Additive(
                            context, visit, pause)
                    .look());
        }
        return switch (preflight.look(context)) {
            case PreflightStep.Looked.At at -> survey(context, at.visit(), at.seen());
            case PreflightStep.Looked.Not not -> not.failure();
        };
    }

    /** All that Preflight and Plan would say; what stands in the way is a finding here, and no failure. */
    private static StepOutcome survey(StepContext context, Visit visit, Seen seen) {
        if (context.inputs().devices() == null) {
            return new StepOutcome.Done(seen);
        }
        return switch (Planning.draw(context, visit)) {
            case Planning.Planned.Drawn drawn ->
                new StepOutcome.Done(seen.withDraft(Planning.draft(context, visit, drawn)));
            case Planning.Planned.Not not when not.failure().reason().kind() == Reason.Kind.Transient -> not.failure();
            case Planning.Planned.Not not -> new StepOutcome.Done(seen.withPreflight(with(seen, not.failure())));
        };
    }

    private static List<PreflightFinding> with(Seen seen, Failed failure) {
        List<PreflightFinding> report = new ArrayList<>(seen.preflight());
        report.add(PreflightFinding.failed("Plan", failure.reason(), failure.message()));
        return List.copyOf(report);
    }
}
