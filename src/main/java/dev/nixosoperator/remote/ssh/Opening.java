package dev.nixosoperator.remote.ssh;

import static dev.nixosoperator.remote.ConnectFailure.ALGORITHMS_UNSUPPORTED;
import static dev.nixosoperator.remote.ConnectFailure.AUTHENTICATION_FAILED;
import static dev.nixosoperator.remote.ConnectFailure.CONNECT_TIMEOUT;
import static dev.nixosoperator.remote.ConnectFailure.DNS_FAILED;
import static dev.nixosoperator.remote.ConnectFailure.HOST_KEY_MISMATCH;

import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.client.session.ClientSession.ClientSessionEvent;
import org.apache.sshd.common.util.net.SshdSocketAddress;

/** One try to log in: each step goes on or says why not. */
final class Opening {
    private final SshClient client;
    private final Deadlines deadlines;
    private final Endpoint endpoint;
    private final Offer.Ready offer;
    private final Attempt attempt;
    private final Patience patience;

    Opening(
            SshClient client,
            Deadlines deadlines,
            Endpoint endpoint,
            Offer.Ready offer,
            Attempt attempt,
            Patience patience) {
        this.client = client;
        this.deadlines = deadlines;
        this.endpoint = endpoint;
        this.offer = offer;
        this.attempt = attempt;
        this.patience = patience;
    }

    sealed interface Result {}

    /** Logged in; the session belongs to the caller. */
    record Open(ClientSession session) implements Result {}

    record Closed(Refused why) implements Result {}

    Result open(Route route) {
        Result tcp =
                switch (route) {
                    case Route.Straight straight -> tcp();
                    case Route.Over(Hops.Hop hop) -> tcp(hop);
                    case Route.None(Refused why) -> new Closed(why);
                };
        return switch (tcp) {
            case Open(ClientSession session) -> login(session);
            case Closed closed -> closed;
        };
    }

    /** Leaves the hop when the session is closed, or at once where there is none. */
    private Result tcp(Hops.Hop hop) {
        Result result = tunnel(hop);
        switch (result) {
            case Open(ClientSession session) -> session.addCloseFutureListener(closed -> hop.leave());
            case Closed closed -> hop.leave();
        }
        return result;
    }

    private Result tunnel(Hops.Hop hop) {
        try {
            var there = new SshdSocketAddress(endpoint.host().replaceAll("^\\[(.*)]$", "$1"), endpoint.port());
            ChannelDirectTcpip channel =
                    hop.session().createDirectTcpipChannel(new SshdSocketAddress("127.0.0.1", 0), there);
            try {
                channel.open().verify(patience.left());
                return tunnel(new Tunnel(channel));
            } catch (IOException | RuntimeException e) {
                channel.close(true);
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            return new Closed(Failures.behind(e, hop, endpoint, patience));
        }
    }

    private Result tunnel(Tunnel tunnel) throws IOException {
        Result result = tcp(tunnel.address(), patience.left());
        switch (result) {
            case Open(ClientSession session) -> {
                try {
                    tunnel.join(session, patience);
                } catch (IOException | RuntimeException e) {
                    session.close(true);
                    throw e;
                }
            }
            case Closed closed -> tunnel.close();
        }
        return result;
    }

    private Result tcp() {
        return switch (Addresses.resolve(endpoint, patience.left())) {
            case Addresses.Unknown(String why) -> new Closed(new Refused(DNS_FAILED, why, null));
            case Addresses.Found(var addresses) -> first(addresses);
        };
    }

    private Result first(List<InetSocketAddress> addresses) {
        Result result = new Closed(
                new Refused(CONNECT_TIMEOUT, "nobody answered at " + endpoint + " in " + patience.words() + ".", null));
        for (int i = 0; i < addresses.size(); i++) {
            result = tcp(addresses.get(i), patience.left().dividedBy(addresses.size() - i));
            if (result instanceof Open) {
                return result;
            }
        }
        return result;
    }

    private Result tcp(InetSocketAddress address, Duration share) {
        try {
            var future = client.connect(endpoint.user(), address, attempt.context(), null);
            try {
                return new Open(future.verify(share).getSession());
            } catch (IOException e) {
                future.cancel();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            return new Closed(Failures.tcp(e, endpoint, patience.whole()));
        }
    }

    /** From here on the server has answered; another address would be the same machine. */
    private Result login(ClientSession session) {
        var late = deadlines.after(patience.left(), () -> session.close(true));
        Result result = null;
        try {
            result = keyExchange(session)
                    .or(() -> authenticate(session))
                    .<Result>map(Closed::new)
                    .orElseGet(() -> new Open(session));
            return result;
        } finally {
            late.cancel(false);
            if (!(result instanceof Open)) {
                session.close(true);
            }
        }
    }

    private Optional<Refused> keyExchange(ClientSession session) {
        Set<ClientSessionEvent> events =
                session.waitFor(EnumSet.of(ClientSessionEvent.WAIT_AUTH, ClientSessionEvent.CLOSED), patience.left());
        String mismatch = attempt.mismatch();
        if (mismatch != null) {
            return refused(
                    HOST_KEY_MISMATCH,
                    "the server at " + endpoint + " shows the host key " + attempt.presented() + ", " + mismatch);
        }
        if (!attempt.disagreements().isEmpty()) {
            return refused(ALGORITHMS_UNSUPPORTED, Disagreement.words(endpoint, attempt.disagreements()));
        }
        if (events.contains(ClientSessionEvent.WAIT_AUTH) && session.isOpen()) {
            return Optional.empty();
        }
        return patience.isOver()
                ? refused(
                        CONNECT_TIMEOUT,
                        endpoint + " accepted the connection, but the SSH handshake was not done in " + patience.words()
                                + ". Is it an SSH server, and is the machine overloaded?")
                : Optional.of(attempt.lost(endpoint.toString(), "before the login"));
    }

    private Optional<Refused> authenticate(ClientSession session) {
        offer.to(session);
        try {
            session.auth().verify(patience.left());
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            attempt.ended(e);
        }
        if (attempt.isDenied(offer)) {
            return refused(AUTHENTICATION_FAILED, Denial.words(endpoint, offer, attempt));
        }
        return patience.isOver()
                ? refused(CONNECT_TIMEOUT, endpoint + " did not finish the login in " + patience.words() + ".")
                : Optional.of(attempt.lost(endpoint.toString(), "during the login"));
    }

    private Optional<Refused> refused(ConnectFailure failure, String message) {
        return Optional.of(attempt.refused(failure, message));
    }
}
