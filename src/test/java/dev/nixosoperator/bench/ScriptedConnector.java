package dev.nixosoperator.bench;

import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.Connector;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.Login;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Connects to one {@link ScriptedHost}; checks pinned keys; refuses when told to. */
public final class ScriptedConnector implements Connector {
    /** A connection attempt. */
    public record Attempt(Endpoint endpoint, Login login, HostKeyCheck check, ConnectOptions options) {}

    /** The machine's key unless another is set. */
    public static final HostKey HOST_KEY = HostKey.parse(
                    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f")
            .orElseThrow();

    private final ScriptedHost host;
    private final List<Attempt> attempts = new ArrayList<>();
    private final Deque<ConnectResult.Refused> refusals = new ArrayDeque<>();
    private HostKey hostKey = HOST_KEY;

    public ScriptedConnector(ScriptedHost host) {
        this.host = host;
    }

    /** The next attempts fail, one for each call of this. */
    public synchronized void refuse(ConnectFailure failure, String message) {
        refusals.add(new ConnectResult.Refused(failure, message, null));
    }

    public synchronized void hostKey(HostKey key) {
        hostKey = key;
    }

    public synchronized List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    @Override
    public synchronized ConnectResult connect(
            Endpoint endpoint, Login login, HostKeyCheck check, ConnectOptions options) {
        attempts.add(new Attempt(endpoint, login, check, options));
        ConnectResult.Refused refusal = refusals.poll();
        if (refusal != null) {
            return refusal;
        }
        if (check instanceof HostKeyCheck.Pinned pinned && !pinned.keys().contains(hostKey)) {
            return new ConnectResult.Refused(ConnectFailure.HOST_KEY_MISMATCH, "the server showed " + hostKey, hostKey);
        }
        host.open();
        return new ConnectResult.Connected(host, hostKey);
    }
}
