package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.hash.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The hash that a person approves: of the plan for the disks, and of how many formats this object began before. So one
 * approval is good for one format, even when an interrupted one left the disks looking the same.
 */
public final class PlanHash {
    private PlanHash() {}

    /** Steps use this to compare what they recompute with {@code status.plan.hash}: {@code of(hash, plan.spent())}. */
    public static String of(String diskPlanHash, int spent) {
        return Sha256.name(diskPlanHash + '\n' + spent);
    }

    /** The hash of what may be formatted: null where no plan is approved (any more). */
    public static @Nullable String approved(@Nullable MachinePlan plan, String diskPlanHash) {
        return plan != null && plan.approved() ? of(diskPlanHash, plan.spent()) : null;
    }

    public static boolean matches(MachinePlan plan, String diskPlanHash) {
        return plan.hash().equals(of(diskPlanHash, plan.spent()));
    }
}
