package dev.nixosoperator.remote.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.ConnectResult.Connected;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Target;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that means harm, or is broken: every try ends in time with a name, takes little memory, and the work on another
 * machine, which goes over the same client, goes on meanwhile.
 */
@Timeout(60)
final class HostileServerIT {
    private static final SshConnector CONNECTOR = new SshConnector();
    private static final TestServer HOSTILE = new TestServer(TestServer.ecdsa());
    private static final TestServer FRIENDLY = new TestServer(TestServer.ecdsa());
    private static final Duration DEADLINE = Duration.ofMillis(1500);
    private static final byte[] VERSION = "SSH-2.0-hostile\r\n".getBytes(StandardCharsets.US_ASCII);
    /** A try may keep what it prints, twice, and packets on their way; what it must not do is to grow with the flood. */
    private static final long LITTLE_MIB = 48;

    private final AtomicLong done = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private Thread neighbour = new Thread();
    private long before;

    /** What the server does to a connection, until it is closed. */
    @FunctionalInterface
    private interface Evil {
        void to(Socket socket, OutputStream out) throws IOException;
    }

    @BeforeEach
    void theNeighbourWorks() {
        before = usedMib();
        RemoteHost host = host(FRIENDLY);
        neighbour = Thread.ofVirtual().start(() -> {
            while (!over.get() && host.run(Command.of("bytes")).ok()) {
                done.incrementAndGet();
            }
            host.close();
        });
    }

    @AfterEach
    void itTakesLittleMemory(TestInfo test) throws InterruptedException {
        over.set(true);
        neighbour.join();
        long grown = usedMib() - before;
        System.out.printf("%s: %d MiB of heap kept, %d commands next door%n", test.getDisplayName(), grown, done.get());
        assertThat(grown).isLessThan(LITTLE_MIB);
    }

    @AfterAll
    static void stop() {
        HOSTILE.close();
        FRIENDLY.close();
        CONNECTOR.close();
    }

    private static long usedMib() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    }

    private CommandResult run(String command) {
        return run(Command.of(command).withTimeout(DEADLINE));
    }

    private CommandResult run(Command command) {
        try (RemoteHost host = host(HOSTILE)) {
            long soFar = done.get();
            CommandResult result = host.run(command);
            theNeighbourGoesOn(soFar);
            return result;
        }
    }

    private void theNeighbourGoesOn(long soFar) {
        await().atMost(Duration.ofSeconds(20)).until(() -> done.get() > soFar);
        assertThat(neighbour.isAlive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"endless", "endless-stderr"})
    void outputWithoutEndIsNotReadForEver(String command) {
        assertThat(run(Command.of(command).withTimeout(Duration.ofSeconds(45))))
                .isInstanceOfSatisfying(CommandResult.Lost.class, lost -> assertThat(lost.message())
                        .contains("more than 32 MiB"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"drip", "end-of-file", "stall", "ignore"})
    void whatNeverEndsEndsAtTheDeadline(String command) {
        assertThat(run(command)).isEqualTo(new CommandResult.TimedOut(DEADLINE));
    }

    @Test
    void anEndWithoutAnExitStatusIsNone() {
        assertThat(run("no-status")).isInstanceOf(CommandResult.Lost.class);
    }

    @Test
    void moreThanTheWindowHoldsIsALostConnection() {
        assertThat(run("overrun")).isInstanceOf(CommandResult.Lost.class);
    }

    @Test
    void aWindowWithoutBoundsDoesNotMakeUsSendWithoutBounds() {
        Command upload = Command.of("wide-window")
                .withStdin(SshConnectorTest.zeros(1L << 40))
                .withTimeout(DEADLINE);
        assertThat(run(upload)).isInstanceOfAny(CommandResult.TimedOut.class, CommandResult.Lost.class);
    }

    @Test
    void aGreetingWithoutEndIsNoLogin() {
        try (TestServer server = new TestServer(TestServer.ecdsa()).greetingForEver()) {
            Refused refused = refused(server.endpoint());
            assertThat(refused.failure()).isIn(ConnectFailure.CONNECT_TIMEOUT, ConnectFailure.CONNECTION_LOST);
            assertThat(refused.message()).contains("login");
        }
    }

    @Test
    void aVersionWithoutEnd() throws IOException {
        Refused refused = against((socket, out) -> forEver(out, "x".repeat(1000).getBytes(StandardCharsets.US_ASCII)));
        assertThat(refused.failure()).isEqualTo(ConnectFailure.CONNECTION_LOST);
    }

    @Test
    void aByteASecond() throws IOException {
        Refused refused = against((socket, out) -> {
            for (byte b : VERSION) {
                out.write(b);
                LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            }
        });
        assertThat(refused.failure()).isEqualTo(ConnectFailure.CONNECT_TIMEOUT);
    }

    @Test
    void aPacketOfTwoGigabytes() throws IOException {
        Refused refused = against((socket, out) -> {
            out.write(VERSION);
            out.write(ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array());
            forEver(out, new byte[30_000]);
        });
        assertThat(refused.failure()).isEqualTo(ConnectFailure.CONNECTION_LOST);
    }

    /** RFC 4253, sections 6 and 11.2: length, padding length, message 2, content, padding. */
    @Test
    void packetsToBeIgnoredInsteadOfAKeyExchange() throws IOException {
        byte[] packet = ByteBuffer.allocate(4 + 1 + 1 + 4 + 29_995 + 7 + 4)
                .putInt(1 + 1 + 4 + 29_995 + 11)
                .put((byte) 11)
                .put((byte) 2)
                .putInt(29_995)
                .array();
        Refused refused = against((socket, out) -> {
            out.write(VERSION);
            forEver(out, packet);
        });
        assertThat(refused.failure()).isIn(ConnectFailure.CONNECT_TIMEOUT, ConnectFailure.CONNECTION_LOST);
    }

    @Test
    void aConnectionThatIsHalfClosed() throws IOException {
        Refused refused = against((socket, out) -> {
            out.write(VERSION);
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        });
        assertThat(refused.failure()).isEqualTo(ConnectFailure.CONNECTION_LOST);
    }

    private static void forEver(OutputStream out, byte[] words) throws IOException {
        while (true) {
            out.write(words);
        }
    }

    private Refused against(Evil evil) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    evil.to(socket, socket.getOutputStream());
                } catch (IOException closed) {
                    // the client had enough
                }
            });
            return refused(new Endpoint("127.0.0.1", server.getLocalPort(), "root"));
        }
    }

    private Refused refused(Endpoint endpoint) {
        long soFar = done.get();
        ConnectResult result = connect(endpoint, DEADLINE);
        theNeighbourGoesOn(soFar);
        assertThat(result).isInstanceOf(Refused.class);
        return (Refused) result;
    }

    private static RemoteHost host(TestServer server) {
        ConnectResult result = connect(server.endpoint(), Duration.ofSeconds(20));
        assertThat(result).isInstanceOf(Connected.class);
        return ((Connected) result).host();
    }

    private static ConnectResult connect(Endpoint endpoint, Duration timeout) {
        ConnectOptions options = new ConnectOptions(timeout, Duration.ofSeconds(10));
        return CONNECTOR.connect(Target.of(endpoint, TestServer.login(), new HostKeyCheck.FirstUse(), options));
    }
}
