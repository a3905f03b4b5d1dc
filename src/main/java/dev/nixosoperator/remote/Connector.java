package dev.nixosoperator.remote;

/** Opens connections to machines. */
public interface Connector {
    /**
     * Blocks the calling (virtual) thread until there is a connection with root rights or a reason why not, at most
     * {@link ConnectOptions#connectTimeout()} and a moment.
     */
    ConnectResult connect(Target target);

    /**
     * Whether the machine gives a sign of life where nobody lets us in: it answers an echo request, or takes or refuses a
     * TCP connection. Takes two seconds at most; false also where that cannot be told.
     */
    default boolean answers(Target target) {
        return false;
    }
}
