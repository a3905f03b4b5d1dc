package dev.nixosoperator.remote;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a connection attempt ended. */
public sealed interface ConnectResult {
    /**
     * The caller owns {@code host} and must close it.
     *
     * @param jumpHostKeys the host keys of the jump hosts that were passed, in their order
     */
    record Connected(RemoteHost host, HostKey hostKey, List<HostKey> jumpHostKeys) implements ConnectResult {
        public Connected {
            jumpHostKeys = List.copyOf(jumpHostKeys);
        }

        public Connected(RemoteHost host, HostKey hostKey) {
            this(host, hostKey, List.of());
        }
    }

    /**
     * @param message for a person: what was found and what to do next; no secrets
     * @param presented the host key the server showed, null when it did not come that far
     * @param jumpHostKeys the host keys of the jump hosts that let us pass, in their order
     */
    record Refused(ConnectFailure failure, String message, @Nullable HostKey presented, List<HostKey> jumpHostKeys)
            implements ConnectResult {
        public Refused {
            jumpHostKeys = List.copyOf(jumpHostKeys);
        }

        public Refused(ConnectFailure failure, String message, @Nullable HostKey presented) {
            this(failure, message, presented, List.of());
        }

        public Refused after(List<HostKey> hops) {
            return new Refused(failure, message, presented, hops);
        }
    }
}
