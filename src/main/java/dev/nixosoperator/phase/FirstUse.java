package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import java.util.Optional;

/** A host key that nobody has vouched for: whoever approves a plan can compare it before anything is written. */
final class FirstUse {
    private FirstUse() {}

    /** Not part of the plan's hash: the same disks need no new approval because a person has accepted the key. */
    static Optional<String> warning(StepContext context, Visit visit) {
        boolean vouched =
                context.inputs().way(visit.role()).givesKeys() || isAccepted(context, visit) || isOurs(context);
        return vouched
                ? Optional.empty()
                : Optional.of("the host key %s was trusted at first use; compare it with what ssh-keygen -l says of"
                                .formatted(visit.hostKey())
                        + " /etc/ssh/ssh_host_*_key.pub at the machine's console");
    }

    private static boolean isAccepted(StepContext context, Visit visit) {
        Identity known = context.status().identity();
        return known != null && visit.hostKey().fingerprint().equals(known.acceptedHostKey());
    }

    /** The key of a system that this object installed was read before it booted. */
    private static boolean isOurs(StepContext context) {
        InstallRecord install = context.status().install();
        return install != null && !install.adopted();
    }
}
