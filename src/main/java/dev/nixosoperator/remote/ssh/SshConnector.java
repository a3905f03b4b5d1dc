package dev.nixosoperator.remote.ssh;

import static dev.nixosoperator.remote.ConnectFailure.AUTHENTICATION_FAILED;
import static dev.nixosoperator.remote.ConnectFailure.CONNECTION_LOST;
import static dev.nixosoperator.remote.ConnectFailure.CONNECT_TIMEOUT;
import static dev.nixosoperator.remote.ConnectFailure.DNS_FAILED;
import static dev.nixosoperator.remote.ConnectFailure.HOST_KEY_MISMATCH;
import static dev.nixosoperator.remote.ConnectFailure.PRIVILEGE_DENIED;
import static dev.nixosoperator.remote.ConnectFailure.SECRET_INVALID;

import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.ConnectResult.Connected;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.Connector;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.Login;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.client.session.ClientSession.ClientSessionEvent;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.jspecify.annotations.Nullable;

/** Connects with Apache MINA SSHD: one client for the process, whose threads do not grow with the connections. */
public final class SshConnector implements Connector, AutoCloseable {
    private final SshClient client = Client.start();
    private final Deadlines deadlines = new Deadlines();

    @Override
    public ConnectResult connect(Endpoint endpoint, Login login, HostKeyCheck check, ConnectOptions options) {
        return switch (PrivateKeyFile.read(login)) {
            case PrivateKeyFile.NoKey(String found) -> refused(SECRET_INVALID, found + ". Correct the Secret.");
            case PrivateKeyFile.Key(KeyPair pair) ->
                new Try(endpoint, pair, new Attempt(check, options), options.connectTimeout()).connect();
        };
    }

    /** Closes all connections and ends the threads. */
    @Override
    public void close() {
        deadlines.close();
        client.stop();
    }

    private static Refused refused(ConnectFailure failure, String message) {
        return new Refused(failure, message, null);
    }

    /** One call of connect: each step goes on or says why not. */
    private final class Try {
        private final Endpoint endpoint;
        private final KeyPair pair;
        private final Attempt attempt;
        private final Duration timeout;
        private final long end;

        Try(Endpoint endpoint, KeyPair pair, Attempt attempt, Duration timeout) {
            this.endpoint = endpoint;
            this.pair = pair;
            this.attempt = attempt;
            this.timeout = timeout;
            this.end = System.nanoTime() + timeout.toNanos();
        }

        ConnectResult connect() {
            return switch (Addresses.resolve(endpoint, left())) {
                case Addresses.Unknown(String why) -> refused(DNS_FAILED, why);
                case Addresses.Found(var addresses) -> {
                    ConnectResult result = refused(CONNECT_TIMEOUT, noAnswer());
                    for (int i = 0; i < addresses.size(); i++) {
                        Duration share = left().dividedBy(addresses.size() - i);
                        switch (open(addresses.get(i), share)) {
                            case Opened(ClientSession session) -> {
                                yield login(session);
                            }
                            case NotOpened(Refused why) -> result = why;
                        }
                    }
                    yield result;
                }
            };
        }

        private Tcp open(InetSocketAddress address, Duration share) {
            try {
                var future = client.connect(endpoint.user(), address, attempt.context(), null);
                try {
                    return new Opened(future.verify(share).getSession());
                } catch (IOException e) {
                    future.cancel();
                    throw e;
                }
            } catch (IOException | RuntimeException e) {
                return new NotOpened(Failures.tcp(e, endpoint, timeout));
            }
        }

        /** From here on the server has answered; another address would be the same machine. */
        private ConnectResult login(ClientSession session) {
            var late = deadlines.after(left(), () -> session.close(true));
            ConnectResult result = null;
            try {
                result = keyExchange(session)
                        .or(() -> authenticate(session))
                        .map(ConnectResult.class::cast)
                        .orElseGet(() -> becomeRoot(session));
                return result;
            } finally {
                late.cancel(false);
                if (!(result instanceof Connected)) {
                    session.close(true);
                }
            }
        }

        private Optional<Refused> keyExchange(ClientSession session) {
            Set<ClientSessionEvent> events =
                    session.waitFor(EnumSet.of(ClientSessionEvent.WAIT_AUTH, ClientSessionEvent.CLOSED), left());
            if (attempt.mismatch()) {
                return Optional.of(because(
                        HOST_KEY_MISMATCH,
                        "the server at " + endpoint + " shows the host key " + attempt.presented()
                                + ", which is not a pinned one. If the machine was installed anew or its key was"
                                + " changed on purpose, replace the pinned key; if not, somebody else answers there."));
            }
            if (events.contains(ClientSessionEvent.WAIT_AUTH) && session.isOpen()) {
                return Optional.empty();
            }
            return Optional.of(
                    timeIsOver()
                            ? because(
                                    CONNECT_TIMEOUT,
                                    endpoint + " accepted the connection, but the SSH handshake was not done in "
                                            + seconds() + ". Is it an SSH server, and is the machine overloaded?")
                            : lost("before the login"));
        }

        private Optional<Refused> authenticate(ClientSession session) {
            session.addPublicKeyIdentity(pair);
            try {
                AuthFuture done = session.auth();
                done.verify(left());
                return Optional.empty();
            } catch (IOException | RuntimeException e) {
                attempt.ended(e.getMessage());
            }
            if (attempt.keyRefused()) {
                return Optional.of(because(AUTHENTICATION_FAILED, keyRefused()));
            }
            return Optional.of(
                    timeIsOver()
                            ? because(CONNECT_TIMEOUT, endpoint + " did not finish the login in " + seconds() + ".")
                            : lost("during the login"));
        }

        private String keyRefused() {
            String offered = "the key " + KeyUtils.getKeyType(pair) + " " + KeyUtils.getFingerPrint(pair.getPublic());
            String methods = attempt.methods().isEmpty() ? "nothing else" : String.join(", ", attempt.methods());
            return attempt.methods().contains("publickey")
                    ? endpoint + " does not accept " + offered + " (it offers: " + methods
                            + "). Add its public key to the user's authorized_keys, or check user and key."
                    : endpoint + " takes no more keys after " + offered + " (it offers: " + methods
                            + "). Allow PubkeyAuthentication alone for this user.";
        }

        private ConnectResult becomeRoot(ClientSession session) {
            SshHost host = new SshHost(session, attempt, deadlines, Elevation.ROOT);
            CommandResult answer = host.probe(left());
            Optional<Elevation> elevation = Elevation.parse(answer);
            if (elevation.isPresent()) {
                return new Connected(host.as(elevation.get()), Objects.requireNonNull(attempt.presented()));
            }
            return switch (answer) {
                case CommandResult.Exited(int code, String out, String err) ->
                    because(
                            PRIVILEGE_DENIED,
                            "logged in as " + endpoint + ", but the user cannot become root: "
                                    + Failures.words(err.isBlank() ? out : err)
                                    + " Log in as root, or allow sudo without a password (NOPASSWD: ALL).");
                case CommandResult.Signalled(String signal, String out, String err) ->
                    because(
                            PRIVILEGE_DENIED,
                            "the login shell of " + endpoint + " was killed by signal " + signal + ".");
                case CommandResult.Lost lost -> lost("after the login");
                case CommandResult.TimedOut after ->
                    because(
                            CONNECT_TIMEOUT,
                            endpoint + " let us in, but the first command had no end in " + seconds() + ".");
            };
        }

        private Refused lost(String when) {
            return because(
                    CONNECTION_LOST,
                    "the connection to " + endpoint + " ended " + when + ": "
                            + Failures.words(attempt.reason("the server closed it without a word"))
                            + " Try again; if it stays, look at the server's log.");
        }

        private Refused because(ConnectFailure failure, String message) {
            @Nullable HostKey presented = attempt.presented();
            return new Refused(failure, message, presented);
        }

        private String noAnswer() {
            return "nobody answered at " + endpoint + " in " + seconds() + ".";
        }

        private String seconds() {
            return Failures.seconds(timeout);
        }

        /** With a tolerance, for MINA waits whole milliseconds, rounded down. */
        private boolean timeIsOver() {
            return end - System.nanoTime() <= 10_000_000;
        }

        private Duration left() {
            return Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
        }
    }

    private sealed interface Tcp {}

    private record Opened(ClientSession session) implements Tcp {}

    private record NotOpened(Refused why) implements Tcp {}
}
