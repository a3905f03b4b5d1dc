package dev.nixosoperator.bench;

import dev.nixosoperator.hash.Sha256;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.RemoteHost;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ScriptedMachine} on which things take their time and have their effect: from a Debian over the installer to
 * the installed system, by the commands of the real steps alone. What is on its disk survives a power cut, what is in its
 * memory does not.
 */
public final class LivingMachine {
    private static final Duration NEWS = Duration.ofMillis(20);
    /** How long a job and a boot take. */
    public record Tempo(Duration job, Duration boot) {}

    /**
     * @param owner uid of the object
     * @param plan hash of the plan that the intent named
     * @param overwrites the marker that was on the disk; empty: none
     */
    public record Format(String owner, String operation, String plan, String overwrites) {}

    /** Sees every format right before its first write, while the machine waits. */
    @FunctionalInterface
    public interface Witness {
        void sees(LivingMachine machine, Format format);
    }

    private final ScriptedMachine machine = new ScriptedMachine();
    private final Object lock = machine.host;
    private final String name;
    private final HostKey key;
    private final LivingSystem system;
    private final Set<Closeable> connections = new HashSet<>();

    private BooleanSupplier heard = () -> true;
    private int login;
    private @Nullable Integer lockedOut;
    private @Nullable HostKey otherKey;

    LivingMachine(String name, Tempo tempo, Witness witness) {
        this.name = name;
        this.key = keyOf(name);
        machine.host.recordsNothing();
        machine.host.whenScript("host-keys.sh").exits(0, "key=" + key.openSsh() + "\n");
        this.system = new LivingSystem(name, machine, tempo, format -> witness.sees(this, format), this::hangUp);
    }

    private static HostKey keyOf(String name) {
        byte[] type = "ssh-ed25519".getBytes(StandardCharsets.UTF_8);
        byte[] blob = ByteBuffer.allocate(8 + type.length + 32)
                .putInt(type.length)
                .put(type)
                .putInt(32)
                .put(Sha256.of(name.getBytes(StandardCharsets.UTF_8)))
                .array();
        return new HostKey("ssh-ed25519", Base64.getEncoder().encodeToString(blob));
    }

    /** Everything that was ever formatted here, in order. */
    public List<Format> formats() {
        synchronized (lock) {
            return system.formats();
        }
    }

    /** Its DNS name. */
    public String name() {
        return name;
    }

    /** Whether it is really its own, whatever it shows now. */
    public boolean hasKey(String openSsh) {
        return key.openSsh().equals(openSsh);
    }

    HostKey hostKey() {
        synchronized (lock) {
            return otherKey == null ? key : otherKey;
        }
    }

    /** The plug is pulled and put back: what comes up is what the disk holds, or what the firmware finds elsewhere. */
    public void losesPower() {
        synchronized (lock) {
            system.losesPower();
        }
    }

    /** Its next command goes this way. */
    public void breaks(ScriptedHost.Break how) {
        machine.host.breakAt(1, how);
    }

    /** Nothing comes through to it; connections that are open die. */
    public void isSilentFor(Duration length) {
        synchronized (lock) {
            heard = LivingSystem.over(length);
            hangUp();
        }
    }

    /** Its next job fails so. */
    public void failsNext(int code, String how) {
        synchronized (lock) {
            system.failsNext(code, how);
        }
    }

    /** It shows the host key of another machine from now on; null: its own. */
    public void shows(@Nullable String other) {
        synchronized (lock) {
            otherKey = other == null ? null : keyOf(other);
            hangUp();
        }
    }

    /** All that was done to it from outside is undone; what is on its disk stays. */
    public void heals() {
        synchronized (lock) {
            heard = () -> true;
            otherKey = null;
            system.failsNext(0, null);
            lockedOut = null;
        }
    }

    /** Its authorized keys were changed: who was let in until now is let in no more. */
    public void locksOut() {
        synchronized (lock) {
            lockedOut = login;
            hangUp();
        }
    }

    ConnectResult.@Nullable Refused refusal(Wire.Hello hello) {
        long patience = System.nanoTime() + hello.patience().toNanos();
        while (!isHeard()) {
            if (System.nanoTime() > patience) {
                return new ConnectResult.Refused(ConnectFailure.CONNECT_TIMEOUT, "nobody answered", null);
            }
            LockSupport.parkNanos(NEWS.toNanos());
        }
        synchronized (lock) {
            system.settle();
            if (!system.isUp()) {
                return new ConnectResult.Refused(ConnectFailure.CONNECTION_REFUSED, "nothing listens yet", null);
            }
            HostKey shown = hostKey();
            if (hello.pinned() != null && !hello.pinned().contains(shown)) {
                return new ConnectResult.Refused(
                        ConnectFailure.HOST_KEY_MISMATCH, "the machine showed " + shown, shown);
            }
            if (lockedOut != null && lockedOut == hello.login()) {
                return new ConnectResult.Refused(
                        ConnectFailure.AUTHENTICATION_FAILED, "the machine does not accept this key", shown);
            }
            login = hello.login();
            return null;
        }
    }

    private boolean isHeard() {
        synchronized (lock) {
            return heard.getAsBoolean();
        }
    }

    /** @param line closed when the machine goes down */
    Session session(Closeable line) {
        synchronized (lock) {
            connections.add(line);
            return new Session(line);
        }
    }

    /** A connection to it. */
    final class Session implements AutoCloseable {
        private final Closeable line;
        private final RemoteHost host = machine.host.session();

        private Session(Closeable line) {
            this.line = line;
        }

        CommandResult run(Command command) {
            awaitNews(new ScriptedHost.Call(command.argv(), new byte[0], null));
            synchronized (lock) {
                system.settle();
                return connections.contains(line) ? host.run(command) : new CommandResult.Lost("the machine is down");
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                connections.remove(line);
            }
        }
    }

    /** Who watches a job waits on the machine, until there is something to tell. */
    private void awaitNews(ScriptedHost.Call call) {
        if (!"job.sh".equals(call.script()) || !call.args().getFirst().equals("watch")) {
            return;
        }
        JobId id = new JobId(call.args().get(1), call.args().get(2));
        BooleanSupplier patience =
                LivingSystem.over(Duration.ofSeconds(Long.parseLong(call.args().get(4))));
        while (runs(id) && !patience.getAsBoolean()) {
            LockSupport.parkNanos(NEWS.toNanos());
        }
    }

    private boolean runs(JobId id) {
        synchronized (lock) {
            system.settle();
            return machine.host.jobs().runs(id);
        }
    }

    private void hangUp() {
        for (Closeable line : connections) {
            try {
                line.close();
            } catch (IOException closed) {
                // that is what was wanted
            }
        }
        connections.clear();
    }
}
