package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Connection;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.phase.MachineInputs.Way;
import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.Connector;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.Login;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The connections to machines: one per machine and role, kept between steps so that a step does not pay for a new
 * login. One instance serves the process; at most one step of a machine uses it at a time.
 */
public final class MachineAccess implements AutoCloseable {
    /** After this long without use a connection is closed by {@link #closeIdle()}. */
    public static final Duration IDLE = Duration.ofMinutes(2);

    private final Connector connector;
    private final InstantSource clock;
    private final Map<Slot, Kept> kept = new ConcurrentHashMap<>();

    public MachineAccess(Connector connector, InstantSource clock) {
        this.connector = connector;
        this.clock = clock;
    }

    private record Slot(String machine, Role role) {}

    /** With everything that a new connection would be opened with: where one of these changed the old one is of no use. */
    private record Kept(
            Endpoint endpoint, Login login, HostKeyCheck check, ConnectResult.Connected with, Instant used) {
        boolean serves(Endpoint wanted, Login as, HostKeyCheck under) {
            // The key that is pinned after first use is the one that this connection was opened with.
            boolean trusted = check.equals(under)
                    || (under instanceof HostKeyCheck.Pinned pinned
                            && pinned.keys().contains(with.hostKey()));
            return endpoint.equals(wanted)
                    && login.equals(as)
                    && trusted
                    && with.host().isOpen();
        }
    }

    /** The kept connection of this role, or a new one. */
    Access open(StepContext context, Role role) {
        Slot slot = new Slot(context.machine().uid(), role);
        Endpoint endpoint = endpoint(context.spec().connection(), role);
        Way way = context.inputs().way(role);
        HostKeyCheck check = check(way, context.status().identity());
        Kept old = kept.remove(slot);
        if (old != null && old.serves(endpoint, way.login(), check)) {
            kept.put(slot, new Kept(endpoint, way.login(), check, old.with(), clock.instant()));
            return new Access.Open(old.with().host(), old.with().hostKey());
        }
        if (old != null) {
            old.with().host().close();
        }
        return switch (connector.connect(
                endpoint, way.login(), check, options(context.spec().connection()))) {
            case ConnectResult.Connected connected -> {
                kept.put(slot, new Kept(endpoint, way.login(), check, connected, clock.instant()));
                yield new Access.Open(connected.host(), connected.hostKey());
            }
            case ConnectResult.Refused refused ->
                new Access.Denied(reason(refused.failure()), refused.message(), refused.presented());
        };
    }

    /** Closes what was not used for {@link #IDLE}. */
    public void closeIdle() {
        Instant limit = clock.instant().minus(IDLE);
        kept.forEach((slot, connection) -> {
            if (connection.used().isBefore(limit) && kept.remove(slot, connection)) {
                connection.with().host().close();
            }
        });
    }

    /** Closes all connections to a machine; what runs on them ends as lost. */
    public void close(String machineUid) {
        for (Role role : Role.values()) {
            Kept connection = kept.remove(new Slot(machineUid, role));
            if (connection != null) {
                connection.with().host().close();
            }
        }
    }

    @Override
    public void close() {
        Set.copyOf(kept.keySet()).forEach(slot -> close(slot.machine()));
    }

    static Endpoint endpoint(Connection to, Role role) {
        Connection.Installer installer = to.installer();
        Connection.Installed installed = to.installed();
        return switch (role) {
            case INITIAL -> new Endpoint(to.host(), to.port(), to.user());
            case INSTALLER ->
                installer == null
                        ? new Endpoint(to.host(), to.port(), "root")
                        : new Endpoint(or(installer.host(), to.host()), or(installer.port(), to.port()), "root");
            case INSTALLED ->
                installed == null
                        ? new Endpoint(to.host(), to.port(), to.user())
                        : new Endpoint(
                                or(installed.host(), to.host()),
                                or(installed.port(), to.port()),
                                or(installed.user(), to.user()));
        };
    }

    private static <T> T or(@Nullable T special, T general) {
        return special == null ? general : special;
    }

    /** Keys that are given win over the one that was pinned at first use; those of the installed system are ours. */
    private static HostKeyCheck check(Way way, @Nullable Identity identity) {
        Set<HostKey> keys = new HashSet<>(way.knownHosts());
        if (identity != null) {
            Stream<String> pinned = keys.isEmpty() ? identity.hostKeys().stream() : Stream.empty();
            Stream.concat(pinned, identity.expectedHostKeys().stream())
                    .map(HostKey::parse)
                    .flatMap(Optional::stream)
                    .forEach(keys::add);
        }
        return keys.isEmpty() && !way.strict() ? new HostKeyCheck.FirstUse() : new HostKeyCheck.Pinned(keys);
    }

    private static ConnectOptions options(Connection connection) {
        return new ConnectOptions(
                connection.connectTimeout().duration(), connection.keepAlive().duration());
    }

    private static Reason reason(ConnectFailure failure) {
        return switch (failure) {
            case SECRET_INVALID -> Reason.SecretInvalid;
            case DNS_FAILED -> Reason.DNSFailed;
            case CONNECT_TIMEOUT -> Reason.ConnectTimeout;
            case CONNECTION_REFUSED -> Reason.ConnectionRefused;
            case CONNECTION_LOST -> Reason.ConnectionLost;
            case HOST_KEY_MISMATCH -> Reason.HostKeyMismatch;
            case AUTHENTICATION_FAILED -> Reason.AuthenticationFailed;
            case PRIVILEGE_DENIED -> Reason.PrivilegeDenied;
        };
    }
}
