package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import dev.nixosoperator.api.v1alpha1.PreflightFinding.Result;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.StepOutcome;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A network that the installer cannot restore is named before the machine is lost in it. */
class NetworkChecksTest {
    @TempDir
    private Path cache;

    private TestMachine machine;

    @BeforeEach
    void aDebian() {
        machine = new TestMachine(cache);
    }

    private PreflightFinding finding(String check) {
        StepOutcome outcome = machine.advance(Step.Preflight);
        StepOutcome.Seen seen = outcome instanceof StepOutcome.Failed failed
                ? Objects.requireNonNull(failed.seen(), failed.message())
                : ((StepOutcome.Done) outcome).seen();
        return seen.preflight().stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private PreflightFinding network() {
        return finding("InstallerNetwork");
    }

    @ParameterizedTest
    @CsvSource({
        "wifi,   no,  Wi-Fi",
        "bond, no, a bond",
        "team, no, a team",
        "vlan, no, whose tag",
        "tunnel, no, a tunnel",
        "wifi,   yes, Wi-Fi",
        "bond, yes, a bond"
    })
    void whatTheInstallerDoesNotMakeIsRefused(String kind, String dynamic, String named) {
        machine.says.put("net.kind", kind);
        machine.says.put("net.dynamic", dynamic);
        assertThat(network()).satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.InstallerNetworkUnsupported);
            assertThat(finding.message()).contains("eth0", named, "kexec.image", "connection.installer.host");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "install: {kexec: {image: {url: \"http://images/own.tar.gz\"}}}",
                "connection: {host: 192.0.2.5, user: admin, credentialsSecretRef: {name: key}, installer: {host: 192.0.2.6}}"
            })
    void whoSaysHowItGoesOnIsOnlyWarned(String given) {
        machine.spec = given.startsWith("connection")
                ? machine.spec.replaceFirst("connection: .*", given)
                : machine.spec + given + "\n";
        machine.says.put("net.kind", "bond");
        assertThat(network()).satisfies(finding -> {
            assertThat(finding.result()).isEqualTo(Result.Warning);
            assertThat(finding.message()).contains("a bond");
        });
    }

    /** A Proxmox: vmbr0 has the address, eno1 below it the same hardware address and the earlier name. */
    @Test
    void aStaticAddressWhoseDeviceIsReadTooLateIsRefused() {
        machine.says.putAll(Map.of("net.device", "vmbr0", "net.kind", "bridge", "net.shadow", "eno1"));
        assertThat(network()).satisfies(finding -> {
            assertThat(finding.result()).isEqualTo(Result.Failed);
            assertThat(finding.message()).contains("vmbr0", "eno1 has the same hardware address");
        });
        machine.says.put("net.dynamic", "yes");
        assertThat(network().result()).isEqualTo(Result.Warning);
    }

    @Test
    void aBridgeWithAnAddressOfItsOwnIsRefused() {
        machine.says.put("net.kind", "bridge");
        assertThat(network()).satisfies(finding -> {
            assertThat(finding.result()).isEqualTo(Result.Warning);
            assertThat(finding.message()).contains("the port with the same hardware address");
        });
        machine.says.remove("net.port");
        assertThat(network().result()).isEqualTo(Result.Failed);
    }

    @Test
    void anAddressThatAServerGaveMayChange() {
        machine.says.put("net.dynamic", "yes");
        assertThat(network()).satisfies(finding -> {
            assertThat(finding.result()).isEqualTo(Result.Warning);
            assertThat(finding.message())
                    .contains("192.0.2.5 was given by a server", "fe80::5@eth0", "spec.connection.installer.host");
        });
    }

    @Test
    void aDeviceThatIsNoneAndOneThatIsUnknownAreTold() {
        machine.says.put("net.kind", "virtual");
        assertThat(network().result()).isEqualTo(Result.Warning);
        machine.says.remove("net.device");
        assertThat(network()).satisfies(finding -> {
            assertThat(finding.result()).isEqualTo(Result.Warning);
            assertThat(finding.message()).contains("did not say", "power cycle");
        });
    }

    @ParameterizedTest
    @CsvSource({"x.tar.xz, xz", "x.tar.zst, zstd", "x.tar.xz?v=1, xz"})
    void anArchiveThatTheMachineCannotUnpackIsNamedBeforeAnythingChanges(String file, String packer) {
        machine.spec += "install: {kexec: {image: {url: \"http://images/%s\"}}}\n".formatted(file);
        assertThat(finding("Archive")).satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.MissingTool);
            assertThat(finding.message()).contains("packed with " + packer);
        });
        machine.says.put("tool." + packer, "yes");
        assertThat(finding("Archive").result()).isEqualTo(Result.Passed);
    }

    @Test
    void aMachineThatMustDownloadHasAProgramForIt() {
        machine.spec += "install: {kexec: {delivery: Download}}\n";
        machine.says.remove("tool.curl");
        assertThat(finding("Archive").reason()).isEqualTo(Reason.MissingTool);
    }

    @Test
    void anInstallerThatIsLeftMustBeAbleTo() {
        machine.installer();
        machine.spec += "install: {kexec: {mode: Always}}\n";
        machine.says.put("tool.cpio", "no");
        assertThat(finding("Tools").message()).contains("cpio");
        assertThat(finding("Memory").result()).isEqualTo(Result.Passed);
        // The one that kexec led to is not left again.
        machine.foundIn = "11111111-boot";
        assertThat(finding("Tools").result()).isEqualTo(Result.Passed);
    }
}
