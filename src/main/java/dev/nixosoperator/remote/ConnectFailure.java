package dev.nixosoperator.remote;

/** Why there is no connection, in the order in which it can happen. */
public enum ConnectFailure {
    /** The private key cannot be read: wrong passphrase, garbage, a public key. Waits for a change of the Secret. */
    SECRET_INVALID,
    /** A jump host does not answer, or does not let us through. */
    JUMP_HOST_UNREACHABLE,
    /** A jump host does not accept our login, or we do not accept its host key. */
    JUMP_HOST_REFUSED,
    /** The name does not resolve, or not in time. */
    DNS_FAILED,
    /** Nobody answered in time, or no route leads there, or a server accepted and then said nothing. */
    CONNECT_TIMEOUT,
    /** The machine answered, but nothing listens on the port. */
    CONNECTION_REFUSED,
    /** The connection ended before the login was complete, or what answered does not speak SSH. */
    CONNECTION_LOST,
    /** The server knows only algorithms that it is not offered; waits for a change of the spec or of the server. */
    ALGORITHMS_UNSUPPORTED,
    /** The server's host key is not a pinned one; nothing was sent to it. */
    HOST_KEY_MISMATCH,
    /** The server does not accept the key for this user. */
    AUTHENTICATION_FAILED,
    /** Logged in, but there is no way to become root without a password. */
    PRIVILEGE_DENIED,
    /** Nobody was asked: too many connections are being opened already. */
    NO_TURN
}
