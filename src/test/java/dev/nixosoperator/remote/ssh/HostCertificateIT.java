package dev.nixosoperator.remote.ssh;

import static dev.nixosoperator.remote.ConnectFailure.HOST_KEY_MISMATCH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.bench.Missing;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.ConnectResult.Connected;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.HostKeyCheck.FirstUse;
import dev.nixosoperator.remote.HostKeyCheck.Pinned;
import dev.nixosoperator.remote.JumpHost;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a real OpenSSH that shows a host certificate as ssh-keygen -s -h makes it. */
final class HostCertificateIT {
    private static final ConnectOptions OPTIONS = new ConnectOptions(Duration.ofSeconds(60), Duration.ofSeconds(10));

    @TempDir
    static Path dir;

    private static @Nullable OpenSshServer plain;
    private static final SshConnector CONNECTOR = new SshConnector();

    @BeforeAll
    static void start() {
        String missing = OpenSshServer.missing();
        if (!missing.isEmpty()) {
            throw Missing.prerequisite(missing);
        }
        plain = new OpenSshServer(dir);
    }

    @AfterAll
    static void stop() {
        CONNECTOR.close();
        plain().close();
    }

    @ParameterizedTest(name = "{0}, seen as {1}")
    @CsvSource({
        "-h -n localhost, localhost",
        "-h -n localhost, LocalHost",
        "-h -n LOCALHOST, localhost",
        "-h -n 127.0.0.1, 127.0.0.1",
        "-h -n ::1, ::1",
        "-h -n other;localhost, localhost",
        "-h -n *host, localhost",
        "-h -n localhost -V -1d:+1d, localhost",
    })
    void isAcceptedForTheHostAsItIsWritten(String args, String host) {
        ConnectResult result = certified("ca", args, host, authorities());
        assertThat(result).isInstanceOfSatisfying(Connected.class, connected -> {
            assertThat(connected.hostKey()).isEqualTo(key("host_ed25519"));
            connected.host().close();
        });
    }

    @ParameterizedTest(name = "{1} by {0}: {2}")
    @CsvSource({
        "ca,       -h -n localhost -V 20200101:20200102, 'is valid from 20'",
        "ca,       -h -n localhost -V 20900101:20900102, 'is valid from 20'",
        "ca,       -h -n other.example.org,              'is issued for other.example.org, not for localhost'",
        "ca,       -h -n 127.0.0.1,                      'is issued for 127.0.0.1, not for localhost'",
        "ca,       -h -n [localhost]:22,                 'is issued for [localhost]:22, not for localhost'",
        "ca,       -h,                                   'is issued for no name'",
        "ca,       -n localhost,                         'is one of a user'",
        "stranger, -h -n localhost,                      'none of the given authorities'",
        "ca,       -h -n localhost -t ssh-rsa,           'no good signature'",
        "ca,       -h -n localhost -O critical:moon=full, 'conditions that are not known (moon)'",
    })
    void isRefusedInWords(String authority, String args, String words) {
        Refused refused = refused(certified(authority, args, "localhost", authorities()));
        assertThat(refused.failure()).isEqualTo(HOST_KEY_MISMATCH);
        assertThat(refused.message()).contains(words);
        assertThat(refused.presented()).isEqualTo(key("host_ed25519"));
    }

    @Test
    void aRevokedAuthorityVouchesForNobody() {
        HostKeyCheck check = new Pinned(Set.of(key("host_ed25519")), Set.of(key("ca")), Set.of(key("ca")));
        assertThat(refused(certified("ca", "-h -n localhost", "localhost", check))
                        .message())
                .contains("with a certificate of " + key("ca") + ", which is revoked");
    }

    @Test
    void aRevokedKeyIsRefusedWhateverVouchesForIt() {
        Set<HostKey> revoked = Set.of(key("host_ed25519"), key("host_rsa"));
        HostKeyCheck certified = new Pinned(Set.of(key("host_ed25519")), Set.of(key("ca")), revoked);
        assertThat(refused(certified("ca", "-h -n localhost", "localhost", certified))
                        .message())
                .contains("which is revoked");
        for (HostKeyCheck check : List.of(new Pinned(revoked, Set.of(), revoked), new FirstUse(revoked))) {
            Refused refused = refused(connect(plain(), "localhost", check));
            assertThat(refused.failure()).isEqualTo(HOST_KEY_MISMATCH);
            assertThat(refused.message()).contains("which is revoked");
        }
    }

    @Test
    void aPlainKeyIsNotAcceptedForTheAuthority() {
        assertThat(refused(connect(plain(), "localhost", authorities())).message())
                .contains("no certificate for it", "HostCertificate");
        assertThat(refused(connect(plain(), "localhost", new Pinned(Set.of(), Set.of(key("host_ed25519")), Set.of())))
                        .message())
                .contains("no certificate for it");
    }

    @Test
    void aKeyThatIsKnownNeedsNoGoodCertificate() {
        HostKeyCheck check = new Pinned(Set.of(key("host_ed25519")), Set.of(key("ca")), Set.of());
        assertThat(host(certified("ca", "-h -n elsewhere", "localhost", check))).isEqualTo(key("host_ed25519"));
        assertThat(host(connect(plain(), "localhost", check))).isEqualTo(key("host_ed25519"));
    }

    /** An authority that nobody gave is none: neither is it pinned, nor does a bad certificate stand in the way. */
    @Test
    void withoutAuthoritiesThePlainKeyIsAskedFor() {
        for (HostKeyCheck check : List.of(new FirstUse(), new Pinned(Set.of(key("host_ed25519"))))) {
            assertThat(host(certified("ca", "-h -n elsewhere", "localhost", check)))
                    .isEqualTo(key("host_ed25519"));
        }
        assertThat(refused(certified("ca", "-h -n localhost", "localhost", new Pinned(Set.of(key("ca")))))
                        .failure())
                .isEqualTo(HOST_KEY_MISMATCH);
    }

    @Test
    void behindAJumpHostItIsTheNameThatCounts() {
        try (OpenSshServer server = server("ca", "-h -n localhost")) {
            Login login = Login.of(server.privateKey("user"));
            JumpHost hop = new JumpHost(server.endpoint("localhost", "root"), login, authorities());
            Target target = Target.of(server.endpoint("localhost", "root"), login, authorities(), OPTIONS);
            assertThat(host(CONNECTOR.connect(target.through(List.of(hop))))).isEqualTo(key("host_ed25519"));
            Target other = target.at(server.endpoint("127.0.0.1", "root"));
            assertThat(refused(CONNECTOR.connect(other.through(List.of(hop)))).message())
                    .contains("is issued for localhost, not for 127.0.0.1");
        }
    }

    private static HostKeyCheck authorities() {
        return new Pinned(Set.of(), Set.of(key("ca")), Set.of());
    }

    private static ConnectResult certified(String authority, String args, String host, HostKeyCheck check) {
        try (OpenSshServer server = server(authority, args)) {
            return connect(server, host, check);
        }
    }

    private static OpenSshServer server(String authority, String args) {
        plain().certificateBy(authority, "host_ed25519", args.replace(';', ',').split(" ", -1));
        return new OpenSshServer(
                dir,
                dir.resolve("authorized_keys").toString(),
                "HostCertificate " + dir.resolve("host_ed25519-cert.pub"));
    }

    private static ConnectResult connect(OpenSshServer server, String host, HostKeyCheck check) {
        Login login = Login.of(server.privateKey("user"));
        return CONNECTOR.connect(Target.of(server.endpoint(host, "root"), login, check, OPTIONS));
    }

    private static HostKey host(ConnectResult result) {
        assertThat(result).isInstanceOf(Connected.class);
        Connected connected = (Connected) result;
        connected.host().close();
        return connected.hostKey();
    }

    private static Refused refused(ConnectResult result) {
        assertThat(result).isInstanceOf(Refused.class);
        return (Refused) result;
    }

    private static HostKey key(String name) {
        return plain().publicKey(name);
    }

    private static OpenSshServer plain() {
        return Objects.requireNonNull(plain);
    }
}
