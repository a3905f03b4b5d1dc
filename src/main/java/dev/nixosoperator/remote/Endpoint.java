package dev.nixosoperator.remote;

/**
 * Where to log in.
 *
 * @param host DNS name, IPv4 address or IPv6 literal (with or without brackets, with or without {@code %zone})
 * @param port TCP port, usually 22
 * @param user login name on the machine
 */
public record Endpoint(String host, int port, String user) {
    /** {@code user@host:port} for messages, an IPv6 literal in brackets. */
    @Override
    public String toString() {
        return user + "@" + (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
    }
}
