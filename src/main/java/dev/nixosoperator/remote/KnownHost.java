package dev.nixosoperator.remote;

import java.util.Locale;
import java.util.Optional;

/** What one line of a known_hosts file says of a key (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
public record KnownHost(Marker marker, HostKey key) {
    /** See {@link KnownHost}. */
    public enum Marker {
        /** The key of a host. */
        NONE,
        /** The key signs certificates of hosts. */
        CERT_AUTHORITY,
        /** The key is good for nothing. */
        REVOKED
    }

    /** The host field may be missing, and is not read. */
    public static Optional<KnownHost> parse(String line) {
        Fields fields = Fields.of(line);
        return switch (fields.marker()) {
            case "" -> marked(Marker.NONE, fields);
            case "@cert-authority" -> marked(Marker.CERT_AUTHORITY, fields);
            case "@revoked" -> marked(Marker.REVOKED, fields);
            default -> Optional.empty();
        };
    }

    /** Whether the line is about this host; a hash, a pattern and {@code [host]:port} are understood. */
    public static boolean isOf(String line, Endpoint endpoint) {
        String rest = Fields.of(line).rest();
        return !rest.isEmpty() && HostPatterns.match(rest.split("[ \t]+", 2)[0], name(endpoint));
    }

    /** As the host field names it: the standard port is not written. */
    public static String name(Endpoint endpoint) {
        String host = endpoint.host();
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        String lower = bare.toLowerCase(Locale.ROOT);
        return endpoint.port() == 22 ? lower : "[%s]:%d".formatted(lower, endpoint.port());
    }

    private static Optional<KnownHost> marked(Marker marker, Fields fields) {
        return HostKey.parse(fields.rest()).map(key -> new KnownHost(marker, key));
    }

    /** @param marker {@code ""} where there is none */
    private record Fields(String marker, String rest) {
        static Fields of(String line) {
            String text = line.strip();
            if (text.startsWith("#") || !text.startsWith("@")) {
                return new Fields("", text.startsWith("#") ? "" : text);
            }
            String[] parts = text.split("[ \t]+", 2);
            return new Fields(parts[0], parts.length == 2 ? parts[1] : "");
        }
    }
}
