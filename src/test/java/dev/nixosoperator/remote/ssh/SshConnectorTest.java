package dev.nixosoperator.remote.ssh;

import static dev.nixosoperator.remote.ConnectFailure.AUTHENTICATION_FAILED;
import static dev.nixosoperator.remote.ConnectFailure.CONNECTION_LOST;
import static dev.nixosoperator.remote.ConnectFailure.CONNECTION_REFUSED;
import static dev.nixosoperator.remote.ConnectFailure.CONNECT_TIMEOUT;
import static dev.nixosoperator.remote.ConnectFailure.DNS_FAILED;
import static dev.nixosoperator.remote.ConnectFailure.HOST_KEY_MISMATCH;
import static dev.nixosoperator.remote.ConnectFailure.SECRET_INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.ConnectResult.Connected;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.Stdin;
import dev.nixosoperator.remote.Target;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Against a server in this process that misbehaves as told. */
final class SshConnectorTest {
    private static final KeyPair RSA = TestServer.rsa();
    private static final KeyPair ECDSA = TestServer.ecdsa();
    private static final SshConnector CONNECTOR = new SshConnector();
    private static final TestServer SERVER = new TestServer(RSA, ECDSA);
    private static final ConnectOptions OPTIONS = new ConnectOptions(Duration.ofSeconds(15), Duration.ofSeconds(10));
    private static final ConnectOptions SHORT = new ConnectOptions(Duration.ofMillis(700), Duration.ofSeconds(10));

    @AfterAll
    static void stop() {
        SERVER.close();
        CONNECTOR.close();
    }

    @Test
    void runsCommands() {
        RemoteHost host = host(SERVER);
        assertThat(host.run(Command.of("bytes"))).isEqualTo(new CommandResult.Exited(0, "a\ufffdb\n", "words\n"));
        assertThat(host.run(Command.of("no such"))).isEqualTo(new CommandResult.Exited(127, "", "unknown: 'no such'"));
        assertThat(host.isOpen()).isTrue();
        host.close();
        assertThat(host.isOpen()).isFalse();
        assertThat(host.run(Command.of("bytes"))).isInstanceOf(CommandResult.Lost.class);
    }

    @Test
    void cutsOutput() {
        try (RemoteHost host = host(SERVER)) {
            CommandResult result = host.run(Command.of("flood").withMaxOutput(1000));
            assertThat(result)
                    .isEqualTo(new CommandResult.Exited(0, "x".repeat(1000) + "\n[… 9999000 bytes cut]\n", ""));
        }
    }

    @Test
    void pinnedKeyDecidesWhatTheServerShows() {
        for (KeyPair pair : new KeyPair[] {RSA, ECDSA}) {
            ConnectResult result = connect(SERVER.endpoint(), pinned(pair));
            assertThat(result).isInstanceOfSatisfying(Connected.class, connected -> {
                assertThat(connected.hostKey()).isEqualTo(TestServer.hostKey(pair));
                connected.host().close();
            });
        }
    }

    @Test
    void anotherHostKeyIsRefused() {
        KeyPair other = TestServer.ecdsa();
        Refused refused = refused(connect(SERVER.endpoint(), pinned(other)));
        assertThat(refused.failure()).isEqualTo(HOST_KEY_MISMATCH);
        assertThat(refused.presented()).isEqualTo(TestServer.hostKey(ECDSA));
        assertThat(refused.message()).contains(TestServer.hostKey(ECDSA).fingerprint());
        assertThat(refused(connect(SERVER.endpoint(), new HostKeyCheck.Pinned(Set.of())))
                        .failure())
                .isEqualTo(HOST_KEY_MISMATCH);
    }

    @Test
    void anotherUserKeyIsRefused() {
        KeyPair other = TestServer.ecdsa();
        Login login = Login.of(TestServer.privateKey(other));
        Refused refused =
                refused(CONNECTOR.connect(Target.of(SERVER.endpoint(), login, new HostKeyCheck.FirstUse(), OPTIONS)));
        assertThat(refused.failure()).isEqualTo(AUTHENTICATION_FAILED);
        assertThat(refused.message())
                .contains(TestServer.hostKey(other).fingerprint())
                .contains("publickey");
    }

    @Test
    void unreadableKeysAreNamed() {
        assertThat(secret("")).contains("empty");
        assertThat(secret("hunter2")).contains("-----BEGIN").doesNotContain("hunter2");
        assertThat(secret(TestServer.hostKey(ECDSA).openSsh() + " me@here\n")).contains("public key");
        assertThat(secret("PuTTY-User-Key-File-3: ssh-ed25519")).contains("PuTTY");
        assertThat(secret("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----"))
                .contains("damaged");
    }

    @Test
    void nobodyThere() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        HostKeyCheck any = new HostKeyCheck.FirstUse();
        assertThat(refused(connect(new Endpoint("127.0.0.1", port, "root"), any))
                        .failure())
                .isEqualTo(CONNECTION_REFUSED);
        assertThat(refused(connect(new Endpoint("nobody.invalid", 22, "root"), any))
                        .failure())
                .isEqualTo(DNS_FAILED);
        // TEST-NET-1 (RFC 5737): dropped or unreachable
        ConnectResult blackHole =
                CONNECTOR.connect(Target.of(new Endpoint("192.0.2.1", 22, "root"), TestServer.login(), any, SHORT));
        assertThat(refused(blackHole).failure()).isIn(CONNECT_TIMEOUT, CONNECTION_REFUSED);
    }

    @Test
    void silentServer() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Refused refused = refused(against(silent));
            assertThat(refused.failure()).isEqualTo(CONNECT_TIMEOUT);
            assertThat(refused.message()).contains("handshake");
        }
    }

    @Test
    void endlessBanner() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            talk(server, "Welcome\r\n".getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
            assertThat(refused(against(server)).failure()).isIn(CONNECTION_LOST, CONNECT_TIMEOUT);
        }
    }

    @Test
    void notSsh() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            talk(server, "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8), 1);
            assertThat(refused(against(server)).failure()).isEqualTo(CONNECTION_LOST);
        }
    }

    @Test
    void stalledCommandTimesOut() {
        try (RemoteHost host = host(SERVER)) {
            Duration limit = Duration.ofMillis(300);
            assertThat(host.run(Command.of("stall").withTimeout(limit))).isEqualTo(new CommandResult.TimedOut(limit));
            await().until(() -> !host.isOpen());
        }
    }

    @Test
    void stalledTransferTimesOut() {
        try (RemoteHost host = host(SERVER)) {
            Duration limit = Duration.ofMillis(300);
            Command command = Command.of("stall").withStdin(zeros(64 << 20)).withTimeout(limit);
            assertThat(host.run(command)).isEqualTo(new CommandResult.TimedOut(limit));
        }
    }

    @Test
    void closingEndsACommand() {
        RemoteHost host = host(SERVER);
        CompletableFuture<CommandResult> running = CompletableFuture.supplyAsync(() -> host.run(Command.of("stall")));
        host.close();
        assertThat(running.join()).isInstanceOf(CommandResult.Lost.class);
    }

    @Test
    void droppedConnectionIsLost() {
        try (RemoteHost host = host(SERVER)) {
            assertThat(host.run(Command.of("drop"))).isInstanceOf(CommandResult.Lost.class);
            assertThat(host.isOpen()).isFalse();
        }
    }

    @Test
    void stdinNobodyWants() {
        try (RemoteHost host = host(SERVER)) {
            assertThat(host.run(Command.of("refuse-stdin").withStdin(zeros(64 << 20))))
                    .isEqualTo(new CommandResult.Exited(3, "", ""));
        }
    }

    @Test
    void stdinThatCannotBeRead() {
        try (RemoteHost host = host(SERVER)) {
            Stdin broken = Stdin.of(100, InputStream::nullInputStream);
            assertThat(host.run(Command.of("sum").withStdin(broken)))
                    .isInstanceOfSatisfying(CommandResult.Lost.class, lost -> assertThat(lost.message())
                            .contains("0 of 100 bytes"));
        }
    }

    @Test
    void reportsProgress() {
        try (RemoteHost host = host(SERVER)) {
            AtomicLong sent = new AtomicLong();
            CommandResult result =
                    host.run(Command.of("sum").withStdin(zeros(1_000_000).withProgress(sent::set)));
            // head -c 1000000 /dev/zero | sha256sum
            assertThat(result)
                    .isEqualTo(new CommandResult.Exited(
                            0, "1000000 d29751f2649b32ff572b5e0a9f541ea660a50f94ff0beedfb0b692b924cc8025", ""));
            assertThat(sent).hasValue(1_000_000);
        }
    }

    /** For longer than a silence may last. */
    @Test
    void aProgramIsSpokenWith() {
        Duration limit = Duration.ofMillis(300);
        AtomicLong rounds = new AtomicLong();
        try (RemoteHost host = host(SERVER)) {
            Command echo = Command.of("echo").withTimeout(limit).withDialogue((from, to) -> {
                long end = System.nanoTime() + 2 * limit.toNanos();
                while (System.nanoTime() < end) {
                    to.write((int) rounds.getAndIncrement() & 0x7f);
                    to.flush();
                    assertThat(from.read()).isEqualTo((int) (rounds.get() - 1) & 0x7f);
                }
            });
            assertThat(host.run(echo)).isEqualTo(new CommandResult.Exited(0, "", ""));
            assertThat(rounds).hasPositiveValue();
        }
    }

    @Test
    void silenceEndsADialogue() {
        try (RemoteHost host = host(SERVER)) {
            Duration limit = Duration.ofMillis(300);
            Command stall = Command.of("stall").withTimeout(limit).withDialogue((from, to) -> from.read());
            assertThat(host.run(stall)).isEqualTo(new CommandResult.TimedOut(limit));
            await().until(() -> !host.isOpen());
        }
    }

    @Test
    void whatAProgramSaysWhenItDoesNotWantToSpeakIsHeard() {
        try (RemoteHost host = host(SERVER)) {
            Command none = Command.of("no such").withDialogue((from, to) -> {
                assertThat(from.read()).isEqualTo(-1);
                to.write(new byte[100]);
            });
            assertThat(host.run(none)).isEqualTo(new CommandResult.Exited(127, "", "unknown: 'no such'"));
        }
    }

    static Stdin zeros(long length) {
        return Stdin.of(length, () -> new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] to, int offset, int wanted) {
                return wanted;
            }
        });
    }

    private static RemoteHost host(TestServer server) {
        ConnectResult result = connect(server.endpoint(), new HostKeyCheck.FirstUse());
        assertThat(result).isInstanceOf(Connected.class);
        return ((Connected) result).host();
    }

    private static ConnectResult connect(Endpoint endpoint, HostKeyCheck check) {
        return CONNECTOR.connect(Target.of(endpoint, TestServer.login(), check, OPTIONS));
    }

    private static ConnectResult against(ServerSocket server) {
        Endpoint endpoint = new Endpoint("127.0.0.1", server.getLocalPort(), "root");
        return CONNECTOR.connect(Target.of(endpoint, TestServer.login(), new HostKeyCheck.FirstUse(), SHORT));
    }

    private static HostKeyCheck pinned(KeyPair pair) {
        return new HostKeyCheck.Pinned(Set.of(TestServer.hostKey(pair)));
    }

    private static Refused refused(ConnectResult result) {
        assertThat(result).isInstanceOf(Refused.class);
        return (Refused) result;
    }

    private static String secret(String text) {
        Login login = Login.of(Secret.of(text));
        Refused refused =
                refused(CONNECTOR.connect(Target.of(SERVER.endpoint(), login, new HostKeyCheck.FirstUse(), OPTIONS)));
        assertThat(refused.failure()).isEqualTo(SECRET_INVALID);
        return refused.message();
    }

    private static void talk(ServerSocket server, byte[] words, int times) {
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                for (int i = 0; i < times; i++) {
                    socket.getOutputStream().write(words);
                }
            } catch (IOException closed) {
                // the client had enough
            }
        });
    }
}
