package dev.nixosoperator.remote;

import java.util.Set;

/** Which host keys are accepted. */
public sealed interface HostKeyCheck {
    /** Never accepted, neither as host keys nor as what signs host certificates. */
    Set<HostKey> revoked();

    /**
     * Only these; the server is asked for a certificate where there are authorities, and for a key of one of these types.
     * Empty sets accept nothing.
     *
     * @param authorities what they sign is accepted too
     */
    record Pinned(Set<HostKey> keys, Set<HostKey> authorities, Set<HostKey> revoked) implements HostKeyCheck {
        public Pinned {
            keys = Set.copyOf(keys);
            authorities = Set.copyOf(authorities);
            revoked = Set.copyOf(revoked);
        }

        public Pinned(Set<HostKey> keys) {
            this(keys, Set.of(), Set.of());
        }

        public boolean accepts(HostKey key) {
            return keys.contains(key) && !revoked.contains(key);
        }
    }

    /** Any key; the caller must store {@link ConnectResult.Connected#hostKey()} and pin it from then on. */
    record FirstUse(Set<HostKey> revoked) implements HostKeyCheck {
        public FirstUse {
            revoked = Set.copyOf(revoked);
        }

        public FirstUse() {
            this(Set.of());
        }
    }
}
