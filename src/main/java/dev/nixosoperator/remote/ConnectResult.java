package dev.nixosoperator.remote;

import org.jspecify.annotations.Nullable;

/** How a connection attempt ended. */
public sealed interface ConnectResult {
    /** The caller owns {@code host} and must close it. */
    record Connected(RemoteHost host, HostKey hostKey) implements ConnectResult {}

    /**
     * @param message for a person: what was found and what to do next; no secrets
     * @param presented the host key the server showed, null when it did not come that far
     */
    record Refused(ConnectFailure failure, String message, @Nullable HostKey presented) implements ConnectResult {}
}
