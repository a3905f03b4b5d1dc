package dev.nixosoperator.remote;

import java.util.Set;

/** Which host keys are accepted. */
public sealed interface HostKeyCheck {
    /** Only these; the server is asked for a key of one of these types. An empty set accepts nothing. */
    record Pinned(Set<HostKey> keys) implements HostKeyCheck {
        public Pinned {
            keys = Set.copyOf(keys);
        }
    }

    /** Any key; the caller must store {@link ConnectResult.Connected#hostKey()} and pin it from then on. */
    record FirstUse() implements HostKeyCheck {}
}
