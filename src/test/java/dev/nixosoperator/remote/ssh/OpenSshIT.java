package dev.nixosoperator.remote.ssh;

import static dev.nixosoperator.remote.ConnectFailure.AUTHENTICATION_FAILED;
import static dev.nixosoperator.remote.ConnectFailure.HOST_KEY_MISMATCH;
import static dev.nixosoperator.remote.ConnectFailure.PRIVILEGE_DENIED;
import static dev.nixosoperator.remote.ConnectFailure.SECRET_INVALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nixosoperator.bench.Missing;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.ConnectResult.Connected;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.Files;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.JobSpec;
import dev.nixosoperator.remote.JobState;
import dev.nixosoperator.remote.Jobs;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.Stdin;
import dev.nixosoperator.remote.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real OpenSSH on loopback, with real users: root, one with sudo and one without. */
final class OpenSshIT {
    private static final String SUDOER = "nixop-it-sudo";
    private static final String PLAIN = "nixop-it-plain";
    private static final String PASSWORD = "correct horse";
    private static final Path SUDOERS = Path.of("/etc/sudoers.d/nixos-operator-it");
    private static final HostKeyCheck ANY = new HostKeyCheck.FirstUse();
    private static final ConnectOptions OPTIONS = new ConnectOptions(Duration.ofSeconds(60), Duration.ofSeconds(10));

    @TempDir
    static Path dir;

    private static @Nullable OpenSshServer server;
    private static @Nullable SshConnector connector;

    @BeforeAll
    static void start() throws IOException {
        String missing = OpenSshServer.missing();
        if (!missing.isEmpty()) {
            throw Missing.prerequisite(missing);
        }
        removeUsers();
        for (String user : List.of(SUDOER, PLAIN)) {
            // '*' is no password but not locked either; OpenSSH without PAM refuses locked users
            OpenSshServer.exec("useradd", "--create-home", "--shell", "/bin/bash", "--password", "*", user);
        }
        OpenSshServer.exec("sh", "-c", "echo '%s:%s' | chpasswd".formatted(SUDOER, PASSWORD));
        java.nio.file.Files.writeString(SUDOERS, SUDOER + " ALL=(ALL) NOPASSWD: ALL\n");
        server = new OpenSshServer(dir);
        connector = new SshConnector();
    }

    @AfterAll
    static void stop() throws IOException {
        if (connector != null) {
            connector.close();
        }
        if (server != null) {
            server.close();
            removeUsers();
        }
    }

    private static void removeUsers() throws IOException {
        java.nio.file.Files.deleteIfExists(SUDOERS);
        for (String user : List.of(SUDOER, PLAIN)) {
            OpenSshServer.exec(
                    "sh", "-c", "! id \"$1\" > /dev/null 2>&1 || userdel --force --remove \"$1\"", "userdel", user);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "user_rsa", "user_ecdsa"})
    void keysOfAllKinds(String key) {
        try (RemoteHost host = host("127.0.0.1", "root", key)) {
            assertThat(host.run(Command.of("id", "-u"))).isEqualTo(new CommandResult.Exited(0, "0\n", ""));
        }
    }

    @Test
    void passphrase() {
        Secret file = server().privateKey("user_locked");
        assertThat(connect("root", Login.of(file).withPassphrase(Secret.of("open sesame\n"))))
                .isInstanceOfSatisfying(
                        Connected.class, connected -> connected.host().close());
        assertThat(refused(connect("root", Login.of(file).withPassphrase(Secret.of("hunter2")))))
                .satisfies(refused -> assertThat(refused.failure()).isEqualTo(SECRET_INVALID))
                .satisfies(refused -> assertThat(refused.message())
                        .contains("does not decrypt")
                        .doesNotContain("hunter2"));
        assertThat(refused(connect("root", Login.of(file))).message()).contains("there is no passphrase");
    }

    @Test
    void passwords() {
        assertThat(connect(SUDOER, Login.ofPassword(Secret.of(PASSWORD + "\n"))))
                .isInstanceOfSatisfying(
                        Connected.class, connected -> connected.host().close());
        Refused refused = refused(connect(SUDOER, Login.ofPassword(Secret.of("wrong horse"))));
        assertThat(refused.failure()).isEqualTo(AUTHENTICATION_FAILED);
        assertThat(refused.message())
                .contains("does not accept the password", "publickey, password")
                .doesNotContain("horse");
    }

    /** As a machine with PAM asks for it, which takes the password by no other method. */
    @Test
    void passwordsByKeyboardInteractive() throws IOException {
        Path place = java.nio.file.Files.createDirectory(dir.resolve("pam"));
        String[] settings = {"UsePAM yes", "PasswordAuthentication no", "KbdInteractiveAuthentication yes"};
        try (OpenSshServer pam = new OpenSshServer(place, place + "/authorized_keys", settings)) {
            Target target = Target.of(
                    pam.endpoint("127.0.0.1", SUDOER), Login.ofPassword(Secret.of(PASSWORD + "\n")), ANY, OPTIONS);
            assertThat(connector().connect(target))
                    .isInstanceOfSatisfying(
                            Connected.class, connected -> connected.host().close());
            Refused refused = refused(connector().connect(target.as(Login.ofPassword(Secret.of("wrong horse")))));
            assertThat(refused.failure()).isEqualTo(AUTHENTICATION_FAILED);
            assertThat(refused.message())
                    .contains("does not accept the password", "publickey, keyboard-interactive")
                    .doesNotContain("horse");
        }
    }

    @Test
    void aKeyThatIsRefusedDoesNotKeepThePasswordOut() {
        Login both = new Login(server().privateKey("stranger"), null, null, Secret.of(PASSWORD));
        assertThat(connect(SUDOER, both))
                .isInstanceOfSatisfying(
                        Connected.class, connected -> connected.host().close());
    }

    @Test
    void certificates() {
        assertThat(certified("-n", "root"))
                .isInstanceOfSatisfying(
                        Connected.class, connected -> connected.host().close());
        Refused other = refused(certified("-n", "somebody"));
        assertThat(other.failure()).isEqualTo(AUTHENTICATION_FAILED);
        assertThat(other.message()).contains("a certificate for somebody", "TrustedUserCAKeys");
    }

    @Test
    void certificatesThatNoServerWouldTake() {
        assertThat(secret(certified("-n", "root", "-V", "20200101:20200102"))).contains("2020-01-02", "not now");
        assertThat(secret(certified("-n", "root", "-h"))).contains("one of a host");
        Secret foreign = server().certificate("stranger", "-n", "root");
        assertThat(secret(connect("root", Login.of(server().privateKey("user")).withCertificate(foreign))))
                .contains("another key");
        assertThat(secret(connect("root", Login.of(server().privateKey("user")).withCertificate(Secret.of("x")))))
                .contains("ssh-keygen -s");
    }

    private static ConnectResult certified(String... args) {
        Login login =
                Login.of(server().privateKey("certified")).withCertificate(server().certificate("certified", args));
        return connect("root", login);
    }

    private static String secret(ConnectResult result) {
        assertThat(refused(result).failure()).isEqualTo(SECRET_INVALID);
        return refused(result).message();
    }

    @Test
    void ipv6Literals() {
        for (String address : List.of("::1", "[::1]", "localhost")) {
            host(address, "root", "user").close();
        }
    }

    @Test
    void sudoBecomesRoot() {
        try (RemoteHost host = host("127.0.0.1", SUDOER, "user")) {
            assertThat(host.run(Command.of("id", "-u"))).isEqualTo(new CommandResult.Exited(0, "0\n", ""));
            List<String> words = List.of("a b", "$HOME", "it's", "", "-n", "\n", "*", "ü");
            List<String> argv = new ArrayList<>(List.of("printf", "%s|"));
            argv.addAll(words);
            assertThat(host.run(Command.of(argv)))
                    .isEqualTo(new CommandResult.Exited(0, String.join("|", words) + "|", ""));
            assertThat(host.run(Command.of("cat").withStdin("data".getBytes(StandardCharsets.UTF_8))))
                    .isEqualTo(new CommandResult.Exited(0, "data", ""));
        }
    }

    @Test
    void withoutSudoThereIsNoWay() {
        Refused refused = refused(connect(PLAIN, Login.of(server().privateKey("user"))));
        assertThat(refused.failure()).isEqualTo(PRIVILEGE_DENIED);
        assertThat(refused.message()).contains("password is required");
    }

    @Test
    void strangersStayOutside() {
        Refused refused = refused(connect("root", Login.of(server().privateKey("stranger"))));
        assertThat(refused.failure()).isEqualTo(AUTHENTICATION_FAILED);
        assertThat(refused.message())
                .contains(server().publicKey("stranger").fingerprint())
                .contains("publickey");
    }

    @Test
    void pinnedKeys() {
        for (String key : List.of("host_ed25519", "host_rsa")) {
            HostKeyCheck check = new HostKeyCheck.Pinned(Set.of(server().publicKey(key)));
            assertThat(connect(check)).isInstanceOfSatisfying(Connected.class, connected -> {
                assertThat(connected.hostKey()).isEqualTo(server().publicKey(key));
                connected.host().close();
            });
        }
        HostKeyCheck wrong = new HostKeyCheck.Pinned(Set.of(server().publicKey("stranger")));
        Refused refused = refused(connect(wrong));
        assertThat(refused.failure()).isEqualTo(HOST_KEY_MISMATCH);
        assertThat(refused.presented()).isEqualTo(server().publicKey("host_ed25519"));
    }

    @Test
    void signalsAreTold() {
        try (RemoteHost host = host("127.0.0.1", "root", "user")) {
            assertThat(host.run(Command.of("sh", "-c", "kill -s KILL $$")))
                    .isEqualTo(new CommandResult.Signalled("KILL", "", ""));
            assertThat(host.isOpen()).isTrue();
        }
    }

    @Test
    void aFrozenPeerIsFound() {
        ConnectOptions alert = new ConnectOptions(Duration.ofSeconds(20), Duration.ofMillis(200));
        Set<ProcessHandle> before = Set.copyOf(server().connections());
        ConnectResult result = connector()
                .connect(Target.of(
                        server().endpoint("127.0.0.1", "root"), Login.of(server().privateKey("user")), ANY, alert));
        assertThat(result).isInstanceOf(Connected.class);
        List<ProcessHandle> ours = server().connections();
        ours.removeAll(before);
        try (RemoteHost host = ((Connected) result).host()) {
            ours.forEach(process -> OpenSshServer.exec("kill", "-STOP", Long.toString(process.pid())));
            CommandResult lost = host.run(Command.of("true").withTimeout(Duration.ofSeconds(20)));
            assertThat(lost).isInstanceOf(CommandResult.Lost.class);
            assertThat(lost.summary()).contains("heartbeat");
        } finally {
            ours.forEach(process -> OpenSshServer.exec("sh", "-c", "kill -CONT " + process.pid() + " || true"));
        }
    }

    @Test
    void bigStdinArrivesWholeInLittleMemory() {
        long size = 256L << 20;
        try (RemoteHost host = host("127.0.0.1", "root", "user")) {
            Runtime runtime = Runtime.getRuntime();
            System.gc();
            long before = runtime.totalMemory() - runtime.freeMemory();
            long[] peak = {0};
            Stdin zeros = SshConnectorTest.zeros(size).withProgress(sent -> {
                if (sent % (16 << 20) == 0) {
                    System.gc();
                    peak[0] = Math.max(peak[0], runtime.totalMemory() - runtime.freeMemory());
                }
            });
            long start = System.nanoTime();
            CommandResult result =
                    host.run(Command.of("sha256sum").withStdin(zeros).withTimeout(Duration.ofMinutes(2)));
            System.err.printf(
                    "stdin: %d MiB/s, %d KiB more memory%n",
                    (size >> 20) * 1_000_000_000L / (System.nanoTime() - start), (peak[0] - before) >> 10);
            // head -c 256M /dev/zero | sha256sum
            assertThat(result)
                    .isEqualTo(new CommandResult.Exited(
                            0, "a6d72ac7690f53be6ae46ba88506bd97302a093f7108472bd9efc3cefda06484  -\n", ""));
            assertThat(peak[0] - before).isLessThan(16 << 20);
        }
    }

    @Test
    void threadsDoNotGrowWithConnections() throws ExecutionException, InterruptedException {
        List<RemoteHost> hosts = new ArrayList<>();
        try {
            long start = System.nanoTime();
            for (int i = 0; i < 5; i++) {
                hosts.add(host("127.0.0.1", "root", "user"));
            }
            System.err.printf("connect: %d ms each%n", (System.nanoTime() - start) / 5_000_000);
            long before = sshThreads();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<RemoteHost>> more = Stream.generate(
                                () -> threads.submit(() -> host("127.0.0.1", "root", "user")))
                        .limit(45)
                        .toList();
                for (Future<RemoteHost> host : more) {
                    hosts.add(host.get());
                }
            }
            assertThat(hosts).hasSize(50).allMatch(RemoteHost::isOpen);
            assertThat(sshThreads()).isLessThanOrEqualTo(before).isLessThan(10);
        } finally {
            hosts.forEach(RemoteHost::close);
        }
    }

    private static long sshThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("ssh"))
                .count();
    }

    @Test
    void filesGoThroughStdinAsRoot() throws IOException {
        Path file = dir.resolve("etc/secret");
        try (RemoteHost host = host("127.0.0.1", SUDOER, "user")) {
            assertThat(Files.write(host, file.toString(), "0400", "0:0", "s3cret".getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(new CommandResult.Exited(0, "", ""));
        }
        assertThat(file).hasContent("s3cret");
        assertThat(java.nio.file.Files.getAttribute(file, "unix:mode")).isEqualTo(0100400);
        assertThat(java.nio.file.Files.getOwner(file)).hasToString("root");
    }

    /** The job directory is the machine's real one here, for sudo passes no variables on. */
    @Test
    void aJobSurvivesItsConnection() throws IOException {
        JobId id = new JobId("it-" + System.nanoTime(), "job");
        Path go = dir.resolve("go");
        try {
            JobSpec spec = JobSpec.sh("while [ ! -e \"$1\" ]; do sleep 0.1; done; exit 5", "uid", go.toString());
            try (RemoteHost host = host("127.0.0.1", SUDOER, "user")) {
                assertThat(Jobs.start(host, id, spec)).isInstanceOf(JobState.Running.class);
            }
            try (RemoteHost host = host("127.0.0.1", "root", "user")) {
                assertThat(Jobs.start(host, id, spec)).isInstanceOf(JobState.Running.class);
                java.nio.file.Files.writeString(go, "");
                await().until(() ->
                        Jobs.watch(host, id, 0, Duration.ofSeconds(5)).state().ended());
                assertThat(Jobs.look(host, id)).isEqualTo(new JobState.Exited(5, 0));
            }
        } finally {
            OpenSshServer.exec("rm", "-rf", "/run/nixos-operator/" + id.operation());
        }
    }

    private static OpenSshServer server() {
        return Objects.requireNonNull(server);
    }

    private static SshConnector connector() {
        return Objects.requireNonNull(connector);
    }

    private static RemoteHost host(String address, String user, String key) {
        Endpoint endpoint = server().endpoint(address, user);
        ConnectResult result =
                connector().connect(Target.of(endpoint, Login.of(server().privateKey(key)), ANY, OPTIONS));
        assertThat(result).isInstanceOf(Connected.class);
        return ((Connected) result).host();
    }

    private static ConnectResult connect(String user, Login login) {
        return connector().connect(Target.of(server().endpoint("127.0.0.1", user), login, ANY, OPTIONS));
    }

    private static ConnectResult connect(HostKeyCheck check) {
        Login login = Login.of(server().privateKey("user"));
        return connector().connect(Target.of(server().endpoint("127.0.0.1", "root"), login, check, OPTIONS));
    }

    private static Refused refused(ConnectResult result) {
        assertThat(result).isInstanceOf(Refused.class);
        return (Refused) result;
    }
}
