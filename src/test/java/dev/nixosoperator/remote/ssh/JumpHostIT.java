package dev.nixosoperator.remote.ssh;

import static dev.nixosoperator.remote.ConnectFailure.CONNECTION_REFUSED;
import static dev.nixosoperator.remote.ConnectFailure.JUMP_HOST_REFUSED;
import static dev.nixosoperator.remote.ConnectFailure.JUMP_HOST_UNREACHABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nixosoperator.bench.Missing;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.CommandResult.Exited;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.ConnectResult.Connected;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.JumpHost;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Through real jump hosts: sshd as it is set up by default, with keys of their own. */
final class JumpHostIT {
    private static final HostKeyCheck ANY = new HostKeyCheck.FirstUse();
    private static final ConnectOptions OPTIONS = new ConnectOptions(Duration.ofMinutes(2), Duration.ofMinutes(1));

    @TempDir
    static Path dir;

    private static @Nullable OpenSshServer machine;
    private static @Nullable OpenSshServer hop;
    private static @Nullable OpenSshServer second;
    private final SshConnector connector = new SshConnector();

    @BeforeAll
    static void start() throws IOException {
        String missing = OpenSshServer.missing();
        if (!missing.isEmpty()) {
            throw Missing.prerequisite(missing);
        }
        OpenSshServer.exec("chmod", "755", dir.toString());
        machine = plain("machine", "MaxStartups 200");
        hop = plain("hop", "");
        second = plain("second", "");
    }

    @AfterAll
    static void stop() {
        Stream.of(Objects.requireNonNull(machine), Objects.requireNonNull(hop), Objects.requireNonNull(second))
                .forEach(OpenSshServer::close);
    }

    @Test
    void eachHostSeesItsOwnKeyOnly() {
        JumpHost first = jump(hop(), "user");
        JumpHost next = jump(second(), "user_ecdsa");
        ConnectResult result = connect(first, next);
        assertThat(result).isInstanceOfSatisfying(Connected.class, connected -> {
            assertThat(connected.hostKey()).isEqualTo(machine().publicKey("host_ed25519"));
            assertThat(connected.jumpHostKeys())
                    .containsExactly(hop().publicKey("host_ed25519"), second().publicKey("host_ed25519"));
            byte[] megabytes = new byte[3 << 20];
            assertThat(connected.host().run(Command.of("wc", "-c").withStdin(megabytes)))
                    .isEqualTo(new Exited(0, "3145728\n", ""));
            connected.host().close();
        });
        connector.close();
    }

    /** What fails at a jump host is told with its name, and its key is never taken for the machine's. */
    @Test
    void failuresNameTheHop() throws IOException {
        JumpHost stranger = jump(hop(), "stranger");
        assertThat(refused(connect(stranger))).satisfies(refused -> {
            assertThat(refused.failure()).isEqualTo(JUMP_HOST_REFUSED);
            assertThat(refused.message()).startsWith("jump host " + stranger.endpoint());
        });
        JumpHost other = jump(second(), "user");
        JumpHost changed = new JumpHost(
                other.endpoint(), other.login(), new HostKeyCheck.Pinned(Set.of(hop().publicKey("host_ed25519"))));
        assertThat(refused(connect(jump(hop(), "user"), changed))).satisfies(refused -> {
            assertThat(refused.failure()).isEqualTo(JUMP_HOST_REFUSED);
            assertThat(refused.message())
                    .startsWith("jump host " + changed.endpoint())
                    .contains("knownHosts");
            assertThat(refused.presented()).isNull();
            assertThat(refused.jumpHostKeys()).containsExactly(hop().publicKey("host_ed25519"));
        });
        Endpoint nowhere = new Endpoint("127.0.0.1", freePort(), "root");
        JumpHost absent = new JumpHost(nowhere, Login.of(hop().privateKey("user")), ANY);
        assertThat(refused(connect(absent))).satisfies(refused -> {
            assertThat(refused.failure()).isEqualTo(JUMP_HOST_UNREACHABLE);
            assertThat(refused.message()).startsWith("jump host " + nowhere).contains("refuses connections");
        });
        Target behind = target(jump(hop(), "user")).at(nowhere);
        assertThat(refused(connector.connect(behind))).satisfies(refused -> {
            assertThat(refused.failure()).isEqualTo(CONNECTION_REFUSED);
            assertThat(refused.message()).contains("does not reach " + nowhere);
        });
        connector.close();
    }

    @Test
    void aHopThatForbidsForwardingIsTold() throws IOException {
        try (OpenSshServer closed = plain("closed", "AllowTcpForwarding no")) {
            assertThat(refused(connect(jump(closed, "user")))).satisfies(refused -> {
                assertThat(refused.failure()).isEqualTo(JUMP_HOST_UNREACHABLE);
                assertThat(refused.message()).contains("AllowTcpForwarding");
            });
        }
        connector.close();
    }

    /** The default MaxStartups drops logins that come at once, from the eleventh on. */
    @Test
    void fiftyMachinesBehindOneHop() throws ExecutionException, InterruptedException {
        long before = hop().logins();
        JumpHost jump = jump(hop(), "user");
        List<RemoteHost> hosts = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ConnectResult>> all = Stream.generate(() -> threads.submit(() -> connect(jump)))
                    .limit(50)
                    .toList();
            for (Future<ConnectResult> result : all) {
                assertThat(result.get()).isInstanceOf(Connected.class);
                hosts.add(((Connected) result.get()).host());
            }
            List<Future<CommandResult>> commands = hosts.stream()
                    .map(host -> threads.submit(() -> host.run(Command.of("id", "-u"))))
                    .toList();
            for (Future<CommandResult> command : commands) {
                assertThat(command.get()).isEqualTo(new Exited(0, "0\n", ""));
            }
        }
        long logins = hop().logins() - before;
        System.err.printf("50 machines behind one jump host: %d login(s) there%n", logins);
        assertThat(logins).isEqualTo(1);
        hosts.forEach(RemoteHost::close);
        connector.close();
    }

    @Test
    void aHopThatDiesTakesOnlyWhatRunsOverItAlong() throws IOException {
        OpenSshServer dying = plain("dying", "");
        try (RemoteHost over = host(connect(jump(dying, "user")));
                RemoteHost beside = host(connect(jump(hop(), "user")))) {
            dying.close();
            assertThat(over.run(Command.of("true"))).isInstanceOf(CommandResult.Lost.class);
            await().until(() -> !over.isOpen());
            assertThat(beside.run(Command.of("true"))).isEqualTo(new Exited(0, "", ""));
        }
        connector.close();
    }

    private static OpenSshServer plain(String name, String setting) throws IOException {
        Path own = Files.createDirectory(dir.resolve(name));
        return OpenSshServer.plain(own, setting);
    }

    private ConnectResult connect(JumpHost... hops) {
        return connector.connect(target(hops));
    }

    private static Target target(JumpHost... hops) {
        return Target.of(
                        machine().endpoint("127.0.0.1", "root"),
                        Login.of(machine().privateKey("user")),
                        ANY,
                        OPTIONS)
                .through(List.of(hops));
    }

    private static JumpHost jump(OpenSshServer server, String key) {
        return new JumpHost(server.endpoint("127.0.0.1", "root"), Login.of(server.privateKey(key)), ANY);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static RemoteHost host(ConnectResult result) {
        assertThat(result).isInstanceOf(Connected.class);
        return ((Connected) result).host();
    }

    private static Refused refused(ConnectResult result) {
        assertThat(result).isInstanceOf(Refused.class);
        return (Refused) result;
    }

    private static OpenSshServer machine() {
        return Objects.requireNonNull(machine);
    }

    private static OpenSshServer hop() {
        return Objects.requireNonNull(hop);
    }

    private static OpenSshServer second() {
        return Objects.requireNonNull(second);
    }
}
