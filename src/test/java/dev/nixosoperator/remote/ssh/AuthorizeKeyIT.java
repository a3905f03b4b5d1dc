package dev.nixosoperator.remote.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.bench.Missing;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.ConnectResult.Connected;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.MachineKey;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Script;
import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code authorize-key.sh} against a real OpenSSH that was started with a configuration of its own, in which the keys are
 * not where they usually are.
 */
final class AuthorizeKeyIT {
    private static final String SUDOER = "nixop-it-key";
    private static final String OTHER = "nixop-it-from";
    private static final Login PASSWORD = Login.ofPassword(Secret.of("correct horse"));
    private static final Path SUDOERS = Path.of("/etc/sudoers.d/nixos-operator-it-key");

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
        for (String user : List.of(SUDOER, OTHER)) {
            OpenSshServer.exec("useradd", "--create-home", "--shell", "/bin/bash", "--password", "*", user);
        }
        OpenSshServer.exec("sh", "-c", "echo '%s:correct horse' | chpasswd".formatted(SUDOER));
        Files.writeString(SUDOERS, SUDOER + " ALL=(ALL) NOPASSWD: ALL\n");
        server = new OpenSshServer(dir, dir + "/keys/%u");
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
        Files.deleteIfExists(SUDOERS);
        for (String user : List.of(SUDOER, OTHER)) {
            OpenSshServer.exec(
                    "sh", "-c", "! id \"$1\" > /dev/null 2>&1 || userdel --force --remove \"$1\"", "userdel", user);
        }
    }

    private static OpenSshServer server() {
        return Objects.requireNonNull(server);
    }

    private static ConnectResult connect(Login login) {
        return Objects.requireNonNull(connector)
                .connect(Target.of(
                        server().endpoint("127.0.0.1", SUDOER),
                        login,
                        new HostKeyCheck.FirstUse(),
                        new ConnectOptions(Duration.ofSeconds(60), Duration.ofSeconds(10))));
    }

    private static void assertRefused(Login login) {
        assertThat(connect(login)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.failure())
                .as(refused.message())
                .isEqualTo(ConnectFailure.AUTHENTICATION_FAILED));
    }

    private static RemoteHost letIn(Login login) {
        ConnectResult result = connect(login);
        assertThat(result).isInstanceOf(Connected.class);
        return ((Connected) result).host();
    }

    private static void assertLetIn(Login login) {
        try (RemoteHost host = letIn(login)) {
            assertThat(host.run(Command.of("id", "-u"))).isEqualTo(new CommandResult.Exited(0, "0\n", ""));
        }
    }

    private static void authorize(Login as, String stdin, String... args) {
        try (RemoteHost host = letIn(as)) {
            Command command = Command.script(Script.load("authorize-key.sh"), args)
                    .withStdin(stdin.getBytes(StandardCharsets.UTF_8));
            assertThat(host.run(command)).isEqualTo(new CommandResult.Exited(0, "", ""));
        }
    }

    @Test
    void aKeyThatIsAddedOverAPasswordLoginLetsInUntilItIsRemoved() {
        MachineKey key = MachineKey.generate("nixos-operator default/web-1");
        String length = Integer.toString(key.publicKey().length());
        Login own = Login.of(key.privateKey());
        assertRefused(own);
        authorize(PASSWORD, key.publicKey(), "add", length, SUDOER);
        assertLetIn(own);
        authorize(own, key.publicKey(), "remove", length, SUDOER);
        assertRefused(own);
    }

    @Test
    void theKeysOfOneUserLetInAsAnother() throws IOException {
        Files.createDirectories(dir.resolve("keys"));
        Files.writeString(
                dir.resolve("keys").resolve(OTHER),
                server().publicKey("user_ecdsa").openSsh() + "\n");
        Login key = Login.of(server().privateKey("user_ecdsa"));
        assertRefused(key);
        authorize(PASSWORD, "", "copy", OTHER, SUDOER);
        assertLetIn(key);
    }
}
