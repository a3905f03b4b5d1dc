package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.MachinePlan;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The hash that a person approves: of the plan for the disks, and of how many formats this object began before. So one
 * approval is good for one format, even when an interrupted one left the disks looking the same.
 */
public final class PlanHash {
    private PlanHash() {}

    /** Steps use this to compare what they recompute with {@code status.plan.hash}: {@code of(hash, plan.spent())}. */
    public static String of(String diskPlanHash, int spent) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256")
                    .digest((diskPlanHash + '\n' + spent).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sum, 0, 16);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    public static boolean matches(MachinePlan plan, String diskPlanHash) {
        return plan.hash().equals(of(diskPlanHash, plan.spent()));
    }
}
