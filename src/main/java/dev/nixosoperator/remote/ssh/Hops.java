package dev.nixosoperator.remote.ssh;

import static dev.nixosoperator.remote.ConnectFailure.ALGORITHMS_UNSUPPORTED;
import static dev.nixosoperator.remote.ConnectFailure.HOST_KEY_MISMATCH;
import static dev.nixosoperator.remote.ConnectFailure.JUMP_HOST_REFUSED;
import static dev.nixosoperator.remote.ConnectFailure.JUMP_HOST_UNREACHABLE;
import static dev.nixosoperator.remote.ConnectFailure.SECRET_INVALID;

import dev.nixosoperator.remote.Algorithms;
import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.JumpHost;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/**
 * Sessions to jump hosts. Those that go the same way with the same credentials share one: sshd drops logins that come at
 * once (MaxStartups 10:30:100), while channels of one session are not counted.
 */
final class Hops {
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final SshClient client;
    private final Deadlines deadlines;
    private final InstantSource clock;
    /** By all hops up to this one. */
    private final Map<List<JumpHost>, Hop> hops = new ConcurrentHashMap<>();

    Hops(SshClient client, Deadlines deadlines, InstantSource clock) {
        this.client = client;
        this.deadlines = deadlines;
        this.clock = clock;
    }

    sealed interface Passage {}

    /** A session to the last hop, used by one more until {@link Hop#leave}. */
    record Through(Hop hop) implements Passage {}

    record Blocked(Refused why) implements Passage {}

    /** @param chain not empty */
    Passage pass(List<JumpHost> chain, ConnectOptions options, Patience patience) {
        Hop hop = hops.computeIfAbsent(List.copyOf(chain), Hop::new);
        try {
            if (!hop.lock.tryLock(patience.left().toNanos(), TimeUnit.NANOSECONDS)) {
                return hop.blocked(
                        JUMP_HOST_UNREACHABLE, "it let nobody in within " + patience.words() + ".", List.of());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return hop.blocked(JUMP_HOST_UNREACHABLE, "interrupted.", List.of());
        }
        try {
            Passage passage = hop.isOpen() ? hop.enter() : hop.open(options, patience);
            if (passage instanceof Blocked) {
                hop.closeLater(); // else what never opened would be remembered for ever
            }
            return passage;
        } finally {
            hop.lock.unlock();
        }
    }

    /** One jump host, reached over those before it; the lock guards all that changes. */
    final class Hop {
        private final List<JumpHost> chain;
        private final JumpHost self;
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable ClientSession session;
        private List<HostKey> keys = List.of();
        /** Not under the lock: those who leave are I/O threads, which must not wait. */
        private final AtomicInteger users = new AtomicInteger();

        Hop(List<JumpHost> chain) {
            this.chain = chain;
            this.self = chain.getLast();
        }

        ClientSession session() {
            return Objects.requireNonNull(session);
        }

        String name() {
            return self.endpoint().toString();
        }

        /** Of all hops up to this one. */
        List<HostKey> keys() {
            return keys;
        }

        private boolean isOpen() {
            return session != null && session.isOpen();
        }

        private Passage enter() {
            users.incrementAndGet();
            return new Through(this);
        }

        private Passage open(ConnectOptions options, Patience patience) {
            return switch (Offer.of(self.login(), clock.instant())) {
                case Offer.Unusable(String found) ->
                    blocked(SECRET_INVALID, found + ". Correct its Secret.", List.of());
                case Offer.Ready offer ->
                    open(
                            offer,
                            new Attempt(
                                    new HostProof(self.check(), self.endpoint(), clock.instant()),
                                    options.with(Algorithms.NONE)),
                            patience);
            };
        }

        private Passage open(Offer.Ready offer, Attempt attempt, Patience patience) {
            Route route = route(attempt.options(), patience);
            if (route instanceof Route.None(Refused why)) {
                return new Blocked(why);
            }
            return switch (new Opening(client, deadlines, self.endpoint(), offer, attempt, patience).open(route)) {
                case Opening.Closed(Refused why) -> blocked(why.failure(), why.message(), route.keys());
                case Opening.Open(ClientSession opened) -> {
                    session = opened;
                    List<HostKey> all = new ArrayList<>(route.keys());
                    all.add(Objects.requireNonNull(attempt.presented()));
                    keys = List.copyOf(all);
                    yield enter();
                }
            };
        }

        private Route route(ConnectOptions options, Patience patience) {
            return chain.size() == 1
                    ? new Route.Straight()
                    : Route.of(pass(chain.subList(0, chain.size() - 1), options, patience));
        }

        /** The key of a jump host is never the machine's: it is not handed on as one. */
        private Blocked blocked(ConnectFailure failure, String message, List<HostKey> before) {
            ConnectFailure told =
                    switch (failure) {
                        case DNS_FAILED, CONNECT_TIMEOUT, CONNECTION_REFUSED, CONNECTION_LOST -> JUMP_HOST_UNREACHABLE;
                        case ALGORITHMS_UNSUPPORTED, HOST_KEY_MISMATCH, AUTHENTICATION_FAILED -> JUMP_HOST_REFUSED;
                        case JUMP_HOST_UNREACHABLE, JUMP_HOST_REFUSED, NO_TURN, SECRET_INVALID, PRIVILEGE_DENIED ->
                            failure;
                    };
            String never = failure == ALGORITHMS_UNSUPPORTED ? " But jump hosts are offered none of them." : "";
            String next = failure == HOST_KEY_MISMATCH
                    ? " A good key of a jump host is given with spec.connection.jumpHosts[].hostKeys.knownHosts (write it"
                            + " as ssh-keyscan prints it); it wins over the pinned one. No annotation accepts it."
                    : "";
            return new Blocked(new Refused(told, "jump host " + name() + ": " + message + never + next, null, before));
        }

        void leave() {
            users.decrementAndGet();
            closeLater();
        }

        private void forget() {
            hops.remove(chain, this);
            if (session != null) {
                session.close(true);
                session = null;
            }
        }

        private void closeLater() {
            var _ = deadlines.after(IDLE, this::closeIfIdle);
        }

        private void closeIfIdle() {
            if (lock.tryLock()) { // who holds it is about to use it
                try {
                    if (users.get() == 0) {
                        forget();
                    }
                } finally {
                    lock.unlock();
                }
            }
        }
    }
}
