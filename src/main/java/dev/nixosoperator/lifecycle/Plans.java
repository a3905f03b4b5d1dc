package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a plan changes while it is carried out. */
final class Plans {
    private Plans() {}

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
