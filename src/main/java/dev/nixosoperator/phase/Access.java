package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.RemoteHost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection, or why there is none. */
public sealed interface Access {
    /** The connection belongs to {@link MachineAccess}: it is not closed by who uses it. */
    record Open(RemoteHost host, HostKey hostKey, List<Identity.JumpHost> jumpHosts) implements Access {}

    /** @param presented the host key that was shown; null when it did not come that far */
    record Denied(Reason reason, String message, @Nullable HostKey presented, List<Identity.JumpHost> jumpHosts)
            implements Access {
        /** Nothing answered (yet): a machine that restarts looks like that. */
        boolean silent() {
            return switch (reason) {
                case JumpHostUnreachable, DNSFailed, ConnectTimeout, ConnectionRefused, ConnectionLost -> true;
                default -> false;
            };
        }
    }
}
