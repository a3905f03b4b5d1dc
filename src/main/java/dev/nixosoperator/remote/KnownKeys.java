package dev.nixosoperator.remote;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * What is known of one host before it is seen.
 *
 * @param keys it shows one of these
 * @param authorities or a certificate that one of these signed
 * @param revoked whatever else is known, these are refused
 */
public record KnownKeys(Set<HostKey> keys, Set<HostKey> authorities, Set<HostKey> revoked) {
    public KnownKeys {
        keys = Set.copyOf(keys);
        authorities = Set.copyOf(authorities);
        revoked = Set.copyOf(revoked);
    }

    public static KnownKeys of(Set<HostKey> keys) {
        return new KnownKeys(keys, Set.of(), Set.of());
    }

    public static KnownKeys said(Collection<KnownHost> lines) {
        return new KnownKeys(
                marked(lines, KnownHost.Marker.NONE),
                marked(lines, KnownHost.Marker.CERT_AUTHORITY),
                marked(lines, KnownHost.Marker.REVOKED));
    }

    private static Set<HostKey> marked(Collection<KnownHost> lines, KnownHost.Marker marker) {
        Set<HostKey> keys = new HashSet<>();
        lines.stream()
                .filter(line -> line.marker() == marker)
                .map(KnownHost::key)
                .forEach(keys::add);
        return keys;
    }

    /** Whether it says which keys are good; else the first one seen is. */
    public boolean decides() {
        return !keys.isEmpty() || !authorities.isEmpty();
    }

    /**
     * @param trusted these keys, and others that are ours
     * @param strict without a known key nobody is trusted
     */
    public HostKeyCheck check(Set<HostKey> trusted, boolean strict) {
        return trusted.isEmpty() && authorities.isEmpty() && !strict
                ? new HostKeyCheck.FirstUse(revoked)
                : new HostKeyCheck.Pinned(trusted, authorities, revoked);
    }
}
