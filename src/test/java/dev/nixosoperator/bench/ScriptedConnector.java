package dev.nixosoperator.bench;

import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.Connector;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Connects to one {@link ScriptedHost}; checks pinned keys; refuses when told to. */
public final class ScriptedConnector implements Connector {
    /** The machine's key unless another is set. */
    public static final HostKey HOST_KEY = HostKey.parse(
                    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f")
            .orElseThrow();

    private final ScriptedHost host;
    private final List<Target> attempts = new ArrayList<>();
    private final Deque<ConnectResult.Refused> refusals = new ArrayDeque<>();
    private Predicate<Target> unwanted = target -> false;
    private BooleanSupplier away = () -> false;
    private HostKey hostKey = HOST_KEY;
    private boolean alive;
    private int onlyPort;

    public ScriptedConnector(ScriptedHost host) {
        this.host = host;
    }

    /** The next attempts fail, one for each call of this. */
    public synchronized void refuse(ConnectFailure failure, String message) {
        refusals.add(new ConnectResult.Refused(failure, message, null));
    }

    /** Whoever comes like this is not let in. */
    public synchronized void refuseLogin(Predicate<Target> whoever) {
        unwanted = whoever;
    }

    /** Nobody answers for as long. */
    public synchronized void silentWhile(BooleanSupplier condition) {
        away = condition;
    }

    /** Whether the machine answers by other means than SSH. */
    public synchronized void alive(boolean answers) {
        alive = answers;
    }

    /** It listens at this port; others refuse. */
    public synchronized void listensAt(int port) {
        onlyPort = port;
    }

    @Override
    public synchronized boolean answers(Target target) {
        return alive;
    }

    public synchronized void hostKey(HostKey key) {
        hostKey = key;
    }

    public synchronized List<Target> attempts() {
        return List.copyOf(attempts);
    }

    @Override
    public synchronized ConnectResult connect(Target target) {
        attempts.add(target);
        ConnectResult.Refused refusal = refusals.poll();
        if (refusal != null) {
            return refusal;
        }
        if (away.getAsBoolean()) {
            return new ConnectResult.Refused(ConnectFailure.CONNECT_TIMEOUT, "nobody answered", null);
        }
        if (onlyPort != 0 && target.endpoint().port() != onlyPort) {
            return new ConnectResult.Refused(ConnectFailure.CONNECTION_REFUSED, "nothing listens there", null);
        }
        if (target.check() instanceof HostKeyCheck.Pinned pinned
                && !pinned.keys().contains(hostKey)) {
            return new ConnectResult.Refused(ConnectFailure.HOST_KEY_MISMATCH, "the server showed " + hostKey, hostKey);
        }
        if (unwanted.test(target)) {
            return new ConnectResult.Refused(
                    ConnectFailure.AUTHENTICATION_FAILED, target.endpoint() + " is not let in", hostKey);
        }
        host.open();
        return new ConnectResult.Connected(new Line(host), hostKey);
    }

    /** One connection of several: closing it leaves the others. */
    private static final class Line implements RemoteHost {
        private final ScriptedHost host;
        private volatile boolean closed;

        Line(ScriptedHost host) {
            this.host = host;
        }

        @Override
        public CommandResult run(Command command) {
            return closed ? new CommandResult.Lost("the connection is closed") : host.run(command);
        }

        @Override
        public boolean isOpen() {
            return !closed && host.isOpen();
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
