package dev.nixosoperator.remote;

/**
 * A machine one is logged in to. Commands run as root, whoever logged in; the login shell must be a POSIX one. Several
 * threads may run commands at the same time.
 */
public interface RemoteHost extends AutoCloseable {
    /**
     * Runs the command and waits for its end, at most {@link Command#timeout()}. A command that ran out of time closes
     * the whole connection, for a stalled peer cannot be told from a slow command; what it started may still run.
     * Interrupts are ignored: cancel by {@link #close()} from another thread, which ends the call with
     * {@link CommandResult.Lost}.
     */
    CommandResult run(Command command);

    /** False once the connection was closed or found dead; true is no promise. */
    boolean isOpen();

    /** Closes the connection without waiting for the peer. May be called by any thread, more than once. */
    @Override
    void close();
}
