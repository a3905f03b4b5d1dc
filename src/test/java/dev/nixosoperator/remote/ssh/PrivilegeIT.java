package dev.nixosoperator.remote.ssh;

import static dev.nixosoperator.remote.ConnectFailure.PRIVILEGE_DENIED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.nixosoperator.bench.Missing;
import dev.nixosoperator.hash.Sha256;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult.Exited;
import dev.nixosoperator.remote.CommandResult.Lost;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.ConnectResult.Connected;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Privilege;
import dev.nixosoperator.remote.Privilege.Method;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.Stdin;
import dev.nixosoperator.remote.Target;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Becoming root with the real sudo and doas: with and without a password, with and without a terminal. */
final class PrivilegeIT {
    private static final String PASSWORD = "correct horse";
    private static final ConnectOptions OPTIONS = new ConnectOptions(Duration.ofSeconds(60), Duration.ofSeconds(10));
    private static final Map<String, String> USERS = new TreeMap<>();

    @TempDir
    static Path dir;

    private static @Nullable TestUsers users;
    private static @Nullable OpenSshServer server;
    private static @Nullable SshConnector connector;

    @BeforeAll
    static void start() {
        String missing = OpenSshServer.missing();
        if (!missing.isEmpty()) {
            throw Missing.prerequisite(missing);
        }
        TestUsers all = new TestUsers("nixop-root-");
        users = all;
        USERS.put("sudo", all.sudoer("sudo", PASSWORD, "%s ALL=(ALL) ALL"));
        USERS.put("sudo free", all.sudoer("free", PASSWORD, "%s ALL=(ALL) NOPASSWD: ALL"));
        USERS.put("sudo tty", all.sudoer("tty", PASSWORD, "Defaults:%s requiretty", "%s ALL=(ALL) ALL"));
        USERS.put("sudo free tty", all.sudoer("freetty", null, "Defaults:%s requiretty", "%s ALL=(ALL) NOPASSWD: ALL"));
        USERS.put("doas", all.doer("doas", PASSWORD, "permit %s"));
        USERS.put("doas free", all.doer("doasfree", null, "permit nopass %s"));
        USERS.put("nobody", all.add("nobody", PASSWORD));
        server = new OpenSshServer(dir);
        connector = new SshConnector();
    }

    @AfterAll
    static void stop() {
        if (connector != null) {
            connector.close();
        }
        if (server != null) {
            server.close();
        }
        if (users != null) {
            users.close();
        }
    }

    /** Neither a command that is over nor sudo or doas about it, which would spin for ever. */
    @AfterEach
    void nothingIsLeft() {
        await().untilAsserted(() -> assertThat(
                        OpenSshServer.exec("ps", "-eo", "stat,args").lines())
                .noneMatch(line -> line.matches("\\S+ +(sudo |doas |\\[sudo|\\[doas|sh -c .*terminal-run.sh).*")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sudo", "sudo free", "sudo tty", "sudo free tty", "doas", "doas free"})
    void aCommandIsTheSameInEveryWay(String user) {
        Secret password = user.contains("free") ? null : Secret.of(PASSWORD + "\n");
        try (RemoteHost host = host(connect(user, new Privilege(Method.AUTO, password)))) {
            assertThat(host.run(Command.of("id", "-u"))).isEqualTo(new Exited(0, "0\n", ""));
            List<String> words = List.of("a b", "$HOME", "it's", "", "-n", "\n", "*", "ü");
            List<String> argv = new ArrayList<>(List.of("printf", "%s|"));
            argv.addAll(words);
            assertThat(host.run(Command.of(argv))).isEqualTo(new Exited(0, String.join("|", words) + "|", ""));
            assertThat(host.run(Command.of("sh", "-c", "echo out; echo err >&2; exit 7")))
                    .isEqualTo(new Exited(7, "out\n", "err\n"));
            assertThat(host.run(Command.of("cat"))).isEqualTo(new Exited(0, "", ""));
            assertThat(host.run(Command.of("cat").withStdin("data: ".getBytes(StandardCharsets.UTF_8))))
                    .isEqualTo(new Exited(0, "data: ", ""));
            assertThat(host.run(Command.of("head", "-c", "100000", "/dev/zero").withMaxOutput(10)))
                    .isEqualTo(new Exited(0, "\0".repeat(10) + "\n[… 99990 bytes cut]\n", ""));
        }
    }

    /** All bytes there are, many of them, and a command that does not want them. */
    @ParameterizedTest
    @ValueSource(strings = {"sudo", "sudo tty", "doas"})
    void bytesArriveAsTheyAre(String user) {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);
        String sum = HexFormat.of().formatHex(Sha256.of(bytes));
        try (RemoteHost host = host(connect(user, new Privilege(Method.AUTO, Secret.of(PASSWORD))))) {
            assertThat(host.run(Command.of("sha256sum").withStdin(bytes))).isEqualTo(new Exited(0, sum + "  -\n", ""));
            assertThat(host.run(Command.of("sh", "-c", "exit 3").withStdin(bytes)))
                    .isEqualTo(new Exited(3, "", ""));
            byte[] all = Arrays.copyOf(bytes, 1000);
            assertThat(host.run(Command.of("od", "-An", "-v", "-tx1").withStdin(all)))
                    .isInstanceOfSatisfying(
                            Exited.class, exited -> assertThat(exited.out().replaceAll("\\s", ""))
                                    .isEqualTo(HexFormat.of().formatHex(all)));
        }
    }

    @ParameterizedTest
    @CsvSource({"sudo,cat", "sudo tty,cat", "doas,cat", "sudo tty,sleep 300"})
    void aCommandEndsWithItsConnection(String user, String line) {
        Stdin broken = Stdin.of(3_000_000, () -> new ByteArrayInputStream(new byte[1_000_000]));
        try (RemoteHost host = host(connect(user, new Privilege(Method.AUTO, Secret.of(PASSWORD))))) {
            assertThat(host.run(Command.of("sh", "-c", line + " > /dev/null").withStdin(broken)))
                    .isInstanceOf(Lost.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sudo", "sudo tty", "doas"})
    void aPasswordIsInNoCommandLine(String user) {
        try (RemoteHost host = host(connect(user, new Privilege(Method.AUTO, Secret.of(PASSWORD))))) {
            assertThat(host.run(Command.of("sh", "-c", "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' ' '")))
                    .isInstanceOfSatisfying(
                            Exited.class,
                            exited -> assertThat(exited.out()).contains("sshd").doesNotContain(PASSWORD));
        }
    }

    @Test
    void wrongPasswordsAreTold() {
        Privilege wrong = new Privilege(Method.AUTO, Secret.of("wrong horse"));
        Map<String, String> words = Map.of(
                "sudo", "1 incorrect password attempt", "sudo tty", "try again", "doas", "doas: Authentication failed");
        words.forEach((user, said) -> assertThat(denied(user, wrong))
                .contains(said, "passwordSecretKeyRef")
                .doesNotContain("horse"));
    }

    @Test
    void missingPasswordsAreTold() {
        assertThat(denied("sudo", Privilege.AUTO)).contains("sudo: a password is required", "passwordSecretKeyRef");
        assertThat(denied("sudo tty", Privilege.AUTO)).contains("password is required", "passwordSecretKeyRef");
        assertThat(denied("doas", Privilege.AUTO)).contains("doas: Auth", "passwordSecretKeyRef");
    }

    @Test
    void whoMayNotIsTold() {
        assertThat(denied("nobody", new Privilege(Method.AUTO, Secret.of(PASSWORD))))
                .contains("not in the sudoers file", "doas: Operation not permitted");
        assertThat(denied("sudo free", new Privilege(Method.DOAS, null))).contains("Operation not permitted");
        assertThat(denied("doas free", new Privilege(Method.SUDO, null))).contains("password is required");
        assertThat(denied("sudo free", new Privilege(Method.NONE, null))).contains("not root", "method");
    }

    private static ConnectResult connect(String user, Privilege privilege) {
        OpenSshServer there = Objects.requireNonNull(server);
        Target target = Target.of(
                        there.endpoint("127.0.0.1", Objects.requireNonNull(USERS.get(user))),
                        Login.of(there.privateKey("user")),
                        new HostKeyCheck.FirstUse(),
                        OPTIONS)
                .with(privilege);
        return Objects.requireNonNull(connector).connect(target);
    }

    private static RemoteHost host(ConnectResult result) {
        assertThat(result).isInstanceOf(Connected.class);
        return ((Connected) result).host();
    }

    private static String denied(String user, Privilege privilege) {
        ConnectResult result = connect(user, privilege);
        assertThat(result).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.failure())
                .as(refused.message())
                .isEqualTo(PRIVILEGE_DENIED));
        return ((Refused) result).message();
    }
}
