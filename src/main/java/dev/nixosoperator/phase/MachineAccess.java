package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Algorithms.Cipher;
import dev.nixosoperator.api.v1alpha1.Algorithms.KeyExchange;
import dev.nixosoperator.api.v1alpha1.Algorithms.Mac;
import dev.nixosoperator.api.v1alpha1.Algorithms.Signature;
import dev.nixosoperator.api.v1alpha1.Connection;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.phase.MachineInputs.Way;
import dev.nixosoperator.remote.Algorithms;
import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.Connector;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The connections to machines: one per machine and role, kept between steps so that a step does not pay for a new
 * login. One instance serves the process; at most one step of a machine uses it at a time.
 */
public final class MachineAccess implements AutoCloseable {
    /** After this long without use a connection is closed by {@link #closeIdle()}. */
    public static final Duration IDLE = Duration.ofMinutes(2);

    private static final int SSH = 22;

    private static final ConnectResult NO_TURN = new ConnectResult.Refused(
            ConnectFailure.NO_TURN,
            "no turn to connect came in %d minutes: too many machines are connected to at the same time;"
                            .formatted(Turns.CONNECT.toMinutes())
                    + " let the operator connect to more (--max-connects)",
            null);

    private final Connector connector;
    private final InstantSource clock;
    private final Map<Slot, Kept> kept = new ConcurrentHashMap<>();
    private final Set<String> inUse = ConcurrentHashMap.newKeySet();

    public MachineAccess(Connector connector, InstantSource clock) {
        this.connector = connector;
        this.clock = clock;
    }

    private record Slot(String machine, Role role) {}

    /** With everything that it was opened with: where any of it changed the connection is of no use. */
    private record Kept(Target target, KeptHost host, HostKey hostKey, List<HostKey> jumpHostKeys) {
        boolean serves(Target wanted) {
            // The key that is pinned after first use is the one that this connection was opened with.
            boolean trusted = target.check().equals(wanted.check())
                    || (wanted.check() instanceof HostKeyCheck.Pinned pinned && pinned.accepts(hostKey));
            return target.under(wanted.check()).equals(wanted) && trusted && host.isOpen();
        }
    }

    /** The kept connection of this role, or a new one. */
    Access open(StepContext context, Role role) {
        return open(context, role, doors(context, role));
    }

    /** @param doors those of {@link #doors} that are worth a try; the first that answers decides */
    Access open(StepContext context, Role role, List<Endpoint> doors) {
        Slot slot = new Slot(context.machine().uid(), role);
        Kept old = kept.remove(slot);
        if (old != null) {
            for (Endpoint door : doors(context, role)) {
                Target target = target(context, role).at(door);
                if (old.serves(target)) {
                    old.host().use();
                    return opened(context, slot, new Kept(target, old.host(), old.hostKey(), old.jumpHostKeys()));
                }
            }
            old.host().close();
        }
        Knock knock = knock(context.turns(), target(context, role), doors);
        return switch (knock.answer()) {
            case ConnectResult.Connected connected -> {
                KeptHost host = new KeptHost(connected.host(), clock);
                List<HostKey> hops = connected.jumpHostKeys();
                yield opened(context, slot, new Kept(knock.target().knowing(hops), host, connected.hostKey(), hops));
            }
            case ConnectResult.Refused refused -> denied(knock.target(), refused);
        };
    }

    /** A connection of its own, which is closed at once: whether this login is let in. Null: it is. */
    Access.@Nullable Denied refusal(StepContext context, Role role, Login login) {
        Target target = target(context, role).as(login);
        return switch (knock(context.turns(), target, doors(context, role)).answer()) {
            case ConnectResult.Connected connected -> {
                connected.host().close();
                yield null;
            }
            case ConnectResult.Refused refused -> denied(target, refused);
        };
    }

    private record Knock(Target target, ConnectResult answer) {}

    /** What a further door says in refusal may be the word of another machine, such as a router's: the first is told. */
    private Knock knock(Turns turns, Target likely, List<Endpoint> doors) {
        Knock first = null;
        for (Endpoint door : doors) {
            Target target = likely.at(door);
            Knock knock = new Knock(
                    target, turns.connecting(() -> connector.connect(target)).orElse(NO_TURN));
            if (knock.answer() instanceof ConnectResult.Connected) {
                return knock;
            }
            first = first == null ? knock : first;
            if (first.answer() instanceof ConnectResult.Refused refused
                    && !denied(target, refused).silent()) {
                return first;
            }
        }
        return Objects.requireNonNull(first, "no door to knock at");
    }

    private static Access.Denied denied(Target target, ConnectResult.Refused refused) {
        return new Access.Denied(
                reason(refused.failure()),
                refused.message(),
                refused.presented(),
                JumpHosts.passed(target, refused.jumpHostKeys()));
    }

    /** Whether the machine gives a sign of life, although nobody lets us in; false also where that cannot be told. */
    boolean answers(StepContext context, Role role) {
        return connector.answers(target(context, role));
    }

    /**
     * Where a system may be found, the likely place first. The image's configuration decides where an installer listens:
     * as it is told, at the old port or at 22. Beyond the likely place only a machine whose host key is known is looked
     * for.
     */
    static List<Endpoint> doors(StepContext context, Role role) {
        Connection to = context.spec().connection();
        Endpoint likely = endpoint(to, role);
        boolean known = target(context, role).check() instanceof HostKeyCheck.Pinned;
        return role != Role.INSTALLER || !known
                ? List.of(likely)
                : Stream.of(likely.port(), to.port(), SSH)
                        .distinct()
                        .map(port -> new Endpoint(likely.host(), port, likely.user()))
                        .toList();
    }

    /** The machine answers: what comes is work. */
    private Access opened(StepContext context, Slot slot, Kept connection) {
        kept.put(slot, connection);
        context.turns().back();
        return new Access.Open(
                connection.host(),
                connection.hostKey(),
                JumpHosts.passed(connection.target(), connection.jumpHostKeys()));
    }

    private static Target target(StepContext context, Role role) {
        Connection connection = context.spec().connection();
        Way way = context.inputs().way(role);
        HostKeyCheck check = check(way, context.status().identity());
        return Target.of(endpoint(connection, role), way.login(), check, options(connection))
                .with(way.privilege())
                .through(JumpHosts.of(way, context.status().identity()));
    }

    /** What a try does with a machine: however long it waits for a turn or a download, its connections are in use. */
    <T> T inUse(String machineUid, Supplier<T> step) {
        inUse.add(machineUid);
        try {
            return step.get();
        } finally {
            kept.forEach((slot, connection) -> {
                if (slot.machine().equals(machineUid)) {
                    connection.host().use();
                }
            });
            inUse.remove(machineUid);
        }
    }

    /** Closes what was not used for {@link #IDLE}. */
    public void closeIdle() {
        Instant limit = clock.instant().minus(IDLE);
        kept.forEach((slot, connection) -> {
            boolean idle = !inUse.contains(slot.machine()) && connection.host().isIdleSince(limit);
            if (idle && kept.remove(slot, connection)) {
                connection.host().close();
            }
        });
    }

    /** Closes all connections to a machine; what runs on them ends as lost. */
    public void close(String machineUid) {
        for (Role role : Role.values()) {
            Kept connection = kept.remove(new Slot(machineUid, role));
            if (connection != null) {
                connection.host().close();
            }
        }
    }

    @Override
    public void close() {
        Set.copyOf(kept.keySet()).forEach(slot -> close(slot.machine()));
    }

    public static Endpoint endpoint(Connection to, Role role) {
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

    /** No password is told to a host that nobody vouched for: its key is shown, and a person may accept it. */
    private static HostKeyCheck check(Way way, @Nullable Identity identity) {
        return way.known().check(trusted(way, identity), isPinned(identity) || way.strict() || way.tellsASecret());
    }

    /** Also where none of the keys in status can be read: that is no first use. */
    private static boolean isPinned(@Nullable Identity identity) {
        return identity != null
                && !(identity.hostKeys().isEmpty()
                        && identity.expectedHostKeys().isEmpty());
    }

    /** Keys that are given win over the one that was pinned at first use; those of the installed system are ours. */
    public static Set<HostKey> trusted(Way way, @Nullable Identity identity) {
        Set<HostKey> keys = new HashSet<>(way.known().keys());
        if (identity != null) {
            Stream<String> pinned = way.givesKeys() ? Stream.empty() : identity.hostKeys().stream();
            Stream.concat(pinned, identity.expectedHostKeys().stream())
                    .map(HostKey::parse)
                    .flatMap(Optional::stream)
                    .forEach(keys::add);
        }
        return keys;
    }

    private static ConnectOptions options(Connection connection) {
        return new ConnectOptions(
                connection.connectTimeout().duration(),
                connection.keepAlive().duration(),
                algorithms(connection.algorithms()));
    }

    private static Algorithms algorithms(dev.nixosoperator.api.v1alpha1.Algorithms allowed) {
        return new Algorithms(
                allowed.keyExchange().stream().map(KeyExchange::ssh).toList(),
                allowed.ciphers().stream().map(Cipher::ssh).toList(),
                allowed.macs().stream().map(Mac::ssh).toList(),
                allowed.signatures().stream().map(Signature::ssh).toList());
    }

    private static Reason reason(ConnectFailure failure) {
        return switch (failure) {
            case SECRET_INVALID -> Reason.SecretInvalid;
            case JUMP_HOST_UNREACHABLE -> Reason.JumpHostUnreachable;
            case JUMP_HOST_REFUSED -> Reason.JumpHostRefused;
            case DNS_FAILED -> Reason.DNSFailed;
            case CONNECT_TIMEOUT -> Reason.ConnectTimeout;
            case CONNECTION_REFUSED -> Reason.ConnectionRefused;
            case CONNECTION_LOST -> Reason.ConnectionLost;
            case ALGORITHMS_UNSUPPORTED -> Reason.AlgorithmsUnsupported;
            case HOST_KEY_MISMATCH -> Reason.HostKeyMismatch;
            case AUTHENTICATION_FAILED -> Reason.AuthenticationFailed;
            case PRIVILEGE_DENIED -> Reason.PrivilegeDenied;
            case NO_TURN -> Reason.OperatorBusy;
        };
    }
}
