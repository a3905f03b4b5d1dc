package dev.nixosoperator.remote;

/** Opens connections to machines. */
public interface Connector {
    /**
     * Blocks the calling (virtual) thread until there is a connection with root rights or a reason why not, at most
     * {@link ConnectOptions#connectTimeout()} and a moment.
     */
    ConnectResult connect(Endpoint endpoint, Login login, HostKeyCheck check, ConnectOptions options);
}
