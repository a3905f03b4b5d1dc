package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.bench.ScriptedConnector;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.ssh.SshConnector;
import dev.nixosoperator.remote.ssh.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a machine that does not come back as it should is told to be, and what helps. */
class VerifyStepTest {
    private static final String LUKS =
            "content: {type: luks, name: c, passwordFile: /run/k, content: {type: filesystem, format: ext4, mountpoint: /}}";

    @TempDir
    private Path cache;

    private static StepOutcome.Failed verified(TestMachine machine) {
        return (StepOutcome.Failed) machine.advance(Step.Verify);
    }

    private static void encrypt(TestMachine machine) {
        machine.layout = machine.layout.replace("content: {type: filesystem, format: ext4, mountpoint: /}", LUKS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"disk": {"a": {"content": {"type": "luks"}}}}                                               | true
                    {"zpool": {"a": {"datasets": {"b": {"options": {"keylocation": "file:///k"}}}}}}             | true
                    {"zpool": {"a": {"rootFsOptions": {"keylocation": "none"}}}}                                 | false
                    {"bcachefs_filesystems": {"a": {"type": "bcachefs_filesystem", "passwordFile": "/k"}}}       | true
                    {"disk": {"a": {"content": {"type": "filesystem", "format": "ext4"}}}}                       | false
                    """)
    void whatIsEncryptedMayWaitForAPersonAtBoot(String layout, boolean locked) throws IOException {
        assertThat(VerifyStep.isLocked(new ObjectMapper().readTree(layout))).isEqualTo(locked);
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECTION_REFUSED,    false, false, BootTimeout,          refuses SSH; services.openssh",
        "CONNECTION_LOST,       false, false, BootTimeout,          before the login; sshd's log",
        "CONNECT_TIMEOUT,       true,  false, BootTimeout,          is up; firewall",
        "CONNECT_TIMEOUT,       false, false, BootTimeout,          no sign of life; console",
        "DNS_FAILED,            false, false, BootTimeout,          does not resolve; spec.connection.installed.host",
        "AUTHENTICATION_FAILED, false, false, AuthenticationFailed, does not let us in; authorizedKeys",
        "CONNECT_TIMEOUT,       false, true,  WaitingForUnlock,     passphrase; initrd has no network",
        "CONNECT_TIMEOUT,       true,  true,  WaitingForUnlock,     passphrase; it is up",
        "CONNECTION_REFUSED,    false, true,  WaitingForUnlock,     passphrase; it is up",
    })
    void silenceIsToldApart(ConnectFailure failure, boolean alive, boolean locked, Reason reason, String names) {
        TestMachine machine = new TestMachine(cache);
        if (locked) {
            encrypt(machine);
        }
        machine.connector.alive(alive);
        for (int n = 0; n < 1000; n++) {
            machine.connector.refuse(failure, "told by the connector");
        }
        assertThat(verified(machine)).satisfies(failed -> {
            assertThat(failed.reason()).isEqualTo(reason);
            assertThat(failed.message()).contains(names.split("; ")).contains("told by the connector");
        });
    }

    @Test
    void aLoginThatWorksAgainIsTheSystem() {
        TestMachine machine = new TestMachine(cache);
        machine.connector.refuse(ConnectFailure.AUTHENTICATION_FAILED, "not yet");
        machine.connector.refuse(ConnectFailure.AUTHENTICATION_FAILED, "nor for root");
        machine.onPause.add(machine::installed);
        assertThat(machine.advance(Step.Verify)).isInstanceOf(StepOutcome.Done.class);
    }

    private static String at(int port, String timeout) {
        return "connection: {host: 127.0.0.1, port: %d, credentialsSecretRef: {name: key}, connectTimeout: %s}"
                .formatted(port, timeout);
    }

    /** With real sockets: at a door that is told in the spec. */
    private StepOutcome.Failed verifiedAt(String connection, boolean locked) {
        try (SshConnector connector = new SshConnector()) {
            TestMachine machine = new TestMachine(cache, connector);
            machine.spec = machine.spec.replaceFirst("connection: .*", connection);
            machine.pinned = List.of(ScriptedConnector.HOST_KEY);
            machine.login = Login.of(TestServer.userKey());
            if (locked) {
                encrypt(machine);
            }
            machine.patience = Duration.ofSeconds(3);
            return verified(machine);
        }
    }

    @Test
    void nothingListens() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThat(verifiedAt(at(port, "5s"), false)).satisfies(failed -> {
            assertThat(failed.reason()).isEqualTo(Reason.BootTimeout);
            assertThat(failed.message()).contains("refuses SSH", "nothing listens on port " + port);
        });
    }

    /** It takes the connection, as the kernel does for a program that hangs, and the machine is up. */
    @Test
    void somethingListensAndSaysNothing() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThat(verifiedAt(at(mute.getLocalPort(), "300ms"), false)).satisfies(failed -> {
                assertThat(failed.reason()).isEqualTo(Reason.BootTimeout);
                assertThat(failed.message()).contains("is up after the reboot", "handshake");
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "false, HostKeyMismatch,  a system that makes its own keys",
        "true,  WaitingForUnlock, boot.initrd.network.ssh"
    })
    void anotherHostKeyAnswers(boolean locked, Reason reason, String names) {
        var key = TestServer.ecdsa();
        try (TestServer server = new TestServer(key)) {
            assertThat(verifiedAt(at(server.endpoint().port(), "10s"), locked)).satisfies(failed -> {
                assertThat(failed.reason()).isEqualTo(reason);
                assertThat(failed.message())
                        .contains(names, TestServer.hostKey(key).fingerprint());
                assertThat(failed.seen() == null).as("offered for acceptance").isEqualTo(locked);
            });
        }
    }

    private TestMachine atAnotherPort() {
        TestMachine machine = new TestMachine(cache);
        machine.spec = machine.spec.replace("host: 192.0.2.5,", "host: 192.0.2.5, port: 2222,");
        machine.pinned = List.of(ScriptedConnector.HOST_KEY);
        machine.mounted(Marker.State.FORMAT_DONE);
        machine.connector.listensAt(22);
        return machine;
    }

    @Test
    void theInstallerIsFoundAtPort22WhereTheOldSystemHadAnother() {
        TestMachine machine = atAnotherPort();
        machine.host.jobs().plan("install-1").exits(0, "installation finished!\n");
        assertThat(machine.advance(Step.Install)).isInstanceOf(StepOutcome.Done.class);
        assertThat(machine.connector.attempts())
                .extracting(target -> target.endpoint().port())
                .containsExactly(2222, 22);
        assertThat(machine.advance(Step.Files)).isInstanceOf(StepOutcome.Done.class);
        assertThat(machine.connector.attempts()).as("the connection is kept").hasSize(2);
    }

    /** Behind a router the router itself may answer there: only a known key tells them apart. */
    @Test
    void aMachineWhoseKeyIsNotKnownIsLookedForWhereItIsToldOnly() {
        TestMachine machine = atAnotherPort();
        machine.pinned = List.of();
        assertThat(machine.advance(Step.Files)).isInstanceOf(StepOutcome.Failed.class);
        assertThat(machine.connector.attempts())
                .extracting(target -> target.endpoint().port())
                .containsOnly(2222);
    }

    @Test
    void whatARouterSaysAtPort22IsNotTheMachinesWord() {
        TestMachine machine = atAnotherPort();
        machine.connector.hostKey(ReasonsTest.OTHER_KEY);
        StepOutcome.Failed failed = (StepOutcome.Failed) machine.advance(Step.Files);
        assertThat(failed.reason()).isEqualTo(Reason.ConnectionRefused);
        assertThat(Objects.requireNonNullElse(failed.seen(), StepOutcome.Seen.NOTHING)
                        .hostKey())
                .isNull();
    }
}
