package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How a plan changes while it is carried out. */
final class Plans {
    private Plans() {}

    /**
     * A new plan for the same machine.
     *
     * @param before what came before it, whose formats count
     * @param operation that it is made for; null: none, only to be read
     * @param report its warnings must be read before the plan is approved
     */
    static MachinePlan made(
            @Nullable MachinePlan before,
            @Nullable String operation,
            StepOutcome.PlanDraft draft,
            List<PreflightFinding> report) {
        int spent = before == null ? 0 : before.spent() + (before.begun() ? 1 : 0);
        Stream<String> warnings = report.stream()
                .filter(finding -> finding.result() == PreflightFinding.Result.Warning)
                .map(PreflightFinding::message);
        return new MachinePlan(
                PlanHash.of(draft.hash(), spent),
                operation,
                spent,
                before != null && before.interrupted(),
                false,
                false,
                draft.need(),
                draft.disks(),
                Stream.concat(draft.warnings().stream(), warnings).distinct().toList());
    }

    /** No plan can be made now; what was begun before must not be forgotten. */
    static @Nullable MachinePlan unmade(@Nullable MachinePlan before) {
        boolean begunOnce = before != null && (before.begun() || before.interrupted() || before.spent() > 0);
        return before != null && begunOnce ? stale(before, false) : null;
    }

    static MachinePlan approved(MachinePlan plan, boolean approved) {
        return copy(plan, plan.operation(), plan.interrupted(), plan.begun(), approved);
    }

    /** A format of it begins now; its approval is spent. */
    static MachinePlan begun(MachinePlan plan) {
        return copy(plan, plan.operation(), plan.interrupted(), true, true);
    }

    /** Nothing of it was begun after all; an approval of it is still good. */
    static MachinePlan notBegun(MachinePlan plan) {
        return copy(plan, plan.operation(), plan.interrupted(), false, false);
    }

    /** Must be made anew. */
    static MachinePlan stale(MachinePlan plan, boolean interrupted) {
        return copy(plan, null, plan.interrupted() || interrupted, plan.begun(), false);
    }

    /** The installation it was for is proven. */
    static MachinePlan settled(MachinePlan plan) {
        return copy(plan, plan.operation(), false, plan.begun(), plan.approved());
    }

    /** Stands for a plan that status lost, but of which a format was begun. */
    static MachinePlan lost(Operation operation) {
        String hash = operation.intent() == null ? "" : operation.intent().planHash();
        return new MachinePlan(hash, null, 0, true, true, false, MachinePlan.ApprovalNeed.Always, List.of(), List.of());
    }

    private static MachinePlan copy(
            MachinePlan plan, @Nullable String operation, boolean interrupted, boolean begun, boolean approved) {
        return new MachinePlan(
                plan.hash(),
                operation,
                plan.spent(),
                interrupted,
                begun,
                approved,
                plan.need(),
                plan.disks(),
                plan.warnings());
    }
}
