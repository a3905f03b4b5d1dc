package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.bench.ScriptedConnector;
import dev.nixosoperator.bench.ScriptedHost.Call;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.MachineKey;
import dev.nixosoperator.remote.Privilege;
import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever logs in with a password or a certificate gets into the installer with a key of the operator's own. */
class OwnKeyTest {
    private static final Login PASSWORD = Login.ofPassword(Secret.of("top secret"));
    private static final MachineKey KEY = MachineKey.generate("nixos-operator default/web-1");
    private static final Login OWN = Login.of(KEY.privateKey());

    @TempDir
    private Path cache;

    private TestMachine machine;

    @BeforeEach
    void passwordLogin() {
        machine = new TestMachine(cache);
        machine.login = PASSWORD;
        machine.pinned = List.of(ScriptedConnector.HOST_KEY); // or no password is told
        machine.machineKey = KEY;
        machine.host.jobs().plan("kexec-1").exits(0, "machine will boot into nixos in 6s...\n");
        machine.onPause.add(machine::installer);
    }

    private record Knock(String user, Login login) {}

    private List<Knock> knocks() {
        return machine.connector.attempts().stream()
                .map(target -> new Knock(target.endpoint().user(), target.login()))
                .toList();
    }

    private static boolean isOwn(Target target) {
        return target.login().equals(OWN);
    }

    private void assertFails(Step step, Reason reason, String... words) {
        assertThat(machine.advance(step)).isInstanceOfSatisfying(StepOutcome.Failed.class, failed -> {
            assertThat(failed.reason()).as(failed.message()).isEqualTo(reason);
            assertThat(failed.message()).contains(words);
        });
    }

    private List<Call> authorizations() {
        return machine.host.calls("authorize-key.sh");
    }

    @Test
    void itIsAddedAndProvenBeforeTheMachineLeavesAndServesAfterwards() {
        machine.host.jobs().plan("kexec-1").with(() -> {
            assertThat(authorizations()).hasSize(1);
            assertThat(knocks()).containsExactly(new Knock("admin", PASSWORD), new Knock("admin", OWN));
        });
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(knocks()).endsWith(new Knock("root", OWN));
        assertThat(authorizations()).singleElement().satisfies(call -> {
            assertThat(call.args())
                    .containsExactly("add", Integer.toString(KEY.publicKey().length()), "root", "admin");
            assertThat(new String(call.stdin(), StandardCharsets.UTF_8)).isEqualTo(KEY.publicKey());
        });
        assertThat(machine.host.calls().toString()).doesNotContain("top secret", "PRIVATE KEY");
    }

    /** The usual image of a cloud: its user is let in, and asked once more by sudo. */
    @Test
    void whereSudoAsksForAPasswordTheProofBecomesRootWithItToo() {
        machine.spec = machine.spec.replace("user: admin", "user: ubuntu");
        machine.privilege = new Privilege(Privilege.Method.AUTO, Secret.of("top secret"));
        machine.connector.refuseLogin(target ->
                target.endpoint().user().equals("ubuntu") && !target.privilege().equals(machine.privilege));
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(knocks()).startsWith(new Knock("ubuntu", PASSWORD), new Knock("ubuntu", OWN));
    }

    @Test
    void aTryAfterOneThatFailedAddsItOnceMore() {
        machine.host.jobs().plan("kexec-1").exits(1, "::failed run\n");
        machine.host.jobs().plan("kexec-2").exits(0, "machine will boot into nixos in 6s...\n");
        assertFails(Step.Kexec, Reason.KexecFailed, "kexec/run failed");
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(authorizations()).hasSize(2);
    }

    @Test
    void withoutTheProofNothingIsStarted() {
        machine.connector.refuseLogin(OwnKeyTest::isOwn);
        assertFails(
                Step.Kexec,
                Reason.AuthenticationFailed,
                "admin@192.0.2.5:22 is not let in",
                "connection.installer.credentialsSecretRef");
        assertThat(machine.host.jobs().started()).isEmpty();
    }

    @Test
    void whereItCannotBeAddedNothingIsStarted() {
        machine.host
                .whenScript("authorize-key.sh")
                .does(call -> new CommandResult.Exited(3, "", "/root/.ssh/authorized_keys is immutable"));
        assertFails(Step.Kexec, Reason.AuthenticationFailed, "/root/.ssh/authorized_keys is immutable");
        assertThat(machine.host.jobs().started()).isEmpty();
    }

    @Test
    void aLineThatBreaksMeanwhileIsJustThat() {
        machine.host.whenScript("authorize-key.sh").does(call -> new CommandResult.Lost("cut"));
        assertFails(Step.Kexec, Reason.ConnectionLost, "cut");
    }

    @Test
    void withoutOneTheMachineDoesNotLeave() {
        machine.machineKey = null;
        assertFails(Step.Kexec, Reason.SecretNotFound, "the operator's own key");
        assertThat(machine.host.jobs().started()).isEmpty();
    }

    @Test
    void aPlainKeyNeedsNone() {
        machine.login = Login.of(Secret.of("key"));
        machine.machineKey = null;
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(authorizations()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "key         | {}                                         | {}                   | false",
                "password    | {}                                         | {}                   | true",
                "certificate | {}                                         | {}                   | true",
                "both        | {}                                         | {}                   | true",
                "password    | {installer: {port: 22}}                    | {}                   | true",
                "password    | {installer: {credentialsSecretRef: {name: a}}} | {}               | false",
                "password    | {}                                         | {phases: [Disks]}    | false",
                "password    | {}                                         | {kexec: {mode: Never}} | false"
            })
    void isWantedWhereKexecWouldForgetTheLogin(String login, String connection, String install, boolean wanted)
            throws Exception {
        NixosMachineSpec spec = new YAMLMapper()
                .readValue(
                        "connection: %s\ninstall: %s\nsystem: {}\n".formatted(connection, install),
                        NixosMachineSpec.class);
        Secret key = Secret.of("key");
        Login initial =
                switch (login) {
                    case "key" -> Login.of(key);
                    case "password" -> PASSWORD;
                    case "certificate" -> Login.of(key).withCertificate(Secret.of("cert"));
                    default -> new Login(key, null, null, Secret.of("password"));
                };
        assertThat(OwnKey.isWanted(spec, initial)).isEqualTo(wanted);
    }

    @Test
    void onceTheInstalledSystemIsProvenItIsRemoved() {
        machine.spec = machine.spec.replace("user: admin", "user: admin, installed: {user: ops}");
        machine.installed();
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThat(machine.advance(Step.Verify)).isInstanceOf(StepOutcome.Done.class);
        }
        assertThat(authorizations()).hasSize(2).allSatisfy(call -> assertThat(call.args())
                .containsExactly("remove", Integer.toString(KEY.publicKey().length()), "root", "admin", "ops"));
    }

    @Test
    void theProofWaitsForItsRemoval() {
        machine.installed();
        machine.host
                .whenScript("authorize-key.sh")
                .does(call -> new CommandResult.Exited(3, "", "/root/.ssh/authorized_keys is immutable"));
        assertFails(Step.Verify, Reason.FilesFailed, "/root/.ssh/authorized_keys is immutable");
    }

    private void bootedInstaller(String user) {
        machine.spec = machine.spec.replace("user: admin", "user: " + user);
        machine.installer();
    }

    private void rootIsLetInAfter(String verb) {
        machine.connector.refuseLogin(target -> target.endpoint().user().equals("root")
                && authorizations().stream()
                        .noneMatch(call -> call.args().getFirst().equals(verb)));
    }

    /** The usual NixOS installer: a password was set by hand for its user. */
    @ParameterizedTest
    @CsvSource({"password, add", "key, copy"})
    void inABootedInstallerRootIsLetInToo(String login, String verb) {
        if (login.equals("key")) {
            machine.login = Login.of(Secret.of("key"));
            machine.machineKey = null;
        }
        bootedInstaller("nixos");
        rootIsLetInAfter(verb);
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(authorizations().getFirst().args()).containsExactly("copy", "nixos", "root");
        assertThat(machine.connector.attempts().getLast().endpoint()).isEqualTo(new Endpoint("192.0.2.5", 22, "root"));
        assertThat(machine.host.jobs().started()).isEmpty();
        int knocks = knocks().size();
        machine.advance(Step.Plan);
        machine.advance(Step.Gate);
        assertThat(knocks()).as("root's connection serves").hasSize(knocks);
    }

    @Test
    void whereRootIsNotLetInTheWorkGoesOnThroughSudo() {
        bootedInstaller("nixos");
        machine.connector.refuseLogin(target -> target.endpoint().user().equals("root"));
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(machine.progress).anyMatch(said -> said.message().contains("goes on as nixos"));
        assertThat(machine.advance(Step.Plan)).isInstanceOf(StepOutcome.Done.class);
    }

    @Test
    void rootWithAPasswordGetsTheKeyInABootedInstallerToo() {
        bootedInstaller("root");
        rootIsLetInAfter("add");
        machine.connector.refuseLogin(
                target -> isOwn(target) && authorizations().isEmpty());
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(authorizations()).singleElement().satisfies(call -> assertThat(call.args())
                .startsWith("add"));
        assertThat(knocks()).endsWith(new Knock("root", OWN));
    }
}
