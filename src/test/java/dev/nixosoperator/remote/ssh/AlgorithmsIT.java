package dev.nixosoperator.remote.ssh;

import static dev.nixosoperator.remote.ConnectFailure.ALGORITHMS_UNSUPPORTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.bench.Missing;
import dev.nixosoperator.remote.Algorithms;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.ConnectResult.Connected;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real sshd that knows one old algorithm and nothing better: nobody talks to it who was not told to. */
final class AlgorithmsIT {
    private static final ConnectOptions OPTIONS = new ConnectOptions(Duration.ofSeconds(60), Duration.ofSeconds(10));

    @TempDir
    static Path dir;

    private static @Nullable SshConnector connector;

    /**
     * @param name as SSH has it
     * @param field of {@code spec.connection.algorithms}
     */
    record Old(String name, String field, Algorithms allowed, List<String> settings) {
        @Override
        public String toString() {
            return field + ": " + name;
        }
    }

    @BeforeAll
    static void start() {
        String missing = OpenSshServer.missing();
        if (!missing.isEmpty()) {
            throw Missing.prerequisite(missing);
        }
        connector = new SshConnector();
    }

    @AfterAll
    static void stop() {
        if (connector != null) {
            connector.close();
        }
    }

    static Stream<Old> old() {
        List<String> none = List.of();
        Algorithms all = OldAlgorithms.ALL;
        return Stream.of(
                        all.keyExchange().stream()
                                .map(name -> new Old(
                                        name,
                                        "keyExchange",
                                        new Algorithms(List.of(name), none, none, none),
                                        List.of("KexAlgorithms " + name))),
                        all.ciphers().stream()
                                .map(name -> new Old(
                                        name,
                                        "ciphers",
                                        new Algorithms(none, List.of(name), none, none),
                                        List.of("Ciphers " + name))),
                        all.macs().stream()
                                .map(name -> new Old(
                                        name,
                                        "macs",
                                        new Algorithms(none, none, List.of(name), none),
                                        List.of("Ciphers aes128-ctr", "MACs " + name))),
                        all.signatures().stream()
                                .map(name -> new Old(
                                        name,
                                        "signatures",
                                        new Algorithms(none, none, none, List.of(name)),
                                        List.of("HostKeyAlgorithms " + name))))
                .flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource("old")
    void eachIsUsedOnlyWhereItIsAllowed(Old old) {
        try (OpenSshServer server = server(old.settings().toArray(String[]::new))) {
            Refused refused = refused(connect(server, Algorithms.NONE));
            assertThat(refused.message())
                    .contains("it offers: " + old.name(), "spec.connection.algorithms." + old.field());
            assertConnects(connect(server, old.allowed()));
        }
    }

    /** All at once is how they are met; all is told at once, too. */
    @Test
    void aServerOfLongAgo() {
        try (OpenSshServer server = server(
                "KexAlgorithms diffie-hellman-group1-sha1",
                "Ciphers 3des-cbc,aes128-cbc",
                "MACs hmac-md5",
                "HostKeyAlgorithms ssh-rsa")) {
            Refused refused = refused(connect(server, Algorithms.NONE));
            assertThat(refused.message())
                    .contains(
                            "algorithms.keyExchange", "algorithms.ciphers", "algorithms.macs", "algorithms.signatures");
            assertConnects(connect(server, OldAlgorithms.ALL));
        }
    }

    /** What is allowed is not what is preferred. */
    @Test
    void aGoodServerIsTalkedToAsBefore() {
        try (OpenSshServer server = server("LogLevel DEBUG1")) {
            assertConnects(connect(server, OldAlgorithms.ALL));
            assertThat(server.log()).contains("cipher: aes128-gcm@openssh.com").doesNotContain("sha1 [preauth]");
        }
    }

    private static OpenSshServer server(String... settings) {
        return new OpenSshServer(dir, dir.resolve("authorized_keys").toString(), settings);
    }

    private static ConnectResult connect(OpenSshServer server, Algorithms allowed) {
        return Objects.requireNonNull(connector)
                .connect(Target.of(
                        server.endpoint("127.0.0.1", "root"),
                        Login.of(server.privateKey("user")),
                        new HostKeyCheck.FirstUse(),
                        OPTIONS.with(allowed)));
    }

    private static void assertConnects(ConnectResult result) {
        assertThat(result)
                .isInstanceOfSatisfying(
                        Connected.class, connected -> connected.host().close());
    }

    private static Refused refused(ConnectResult result) {
        assertThat(result).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.failure())
                .as(refused.message())
                .isEqualTo(ALGORITHMS_UNSUPPORTED));
        return (Refused) result;
    }
}
