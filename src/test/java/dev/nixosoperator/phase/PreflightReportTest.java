package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import dev.nixosoperator.api.v1alpha1.PreflightFinding.Result;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.StepOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that stands in the way of an installation is told at once, before anything changes. */
class PreflightReportTest {
    @TempDir
    private Path cache;

    private TestMachine machine;

    @BeforeEach
    void aDebian() {
        machine = new TestMachine(cache);
    }

    private List<PreflightFinding> report() {
        StepOutcome outcome = machine.advance(Step.Preflight);
        StepOutcome.Seen seen = outcome instanceof StepOutcome.Failed failed
                ? Objects.requireNonNull(failed.seen(), failed.message())
                : ((StepOutcome.Done) outcome).seen();
        return seen.preflight();
    }

    private PreflightFinding finding(String check) {
        return report().stream()
                .filter(finding -> finding.check().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private StepOutcome.Failed refused() {
        return (StepOutcome.Failed) machine.advance(Step.Preflight);
    }

    @Test
    void aGoodMachinePassesAndSaysWhatWasChecked() {
        assertThat(report()).allSatisfy(finding -> assertThat(finding.result()).isEqualTo(Result.Passed));
        assertThat(report())
                .extracting(PreflightFinding::check)
                .containsExactly(
                        "Root",
                        "Tools",
                        "Architecture",
                        "Container",
                        "Kernel",
                        "SecureBoot",
                        "Board",
                        "Archive",
                        "Memory",
                        "InstallerNetwork",
                        "InstallerLogin",
                        "InstalledLogin");
    }

    @Test
    void allRefusalsAreToldAtOnceAndTheFirstGivesTheReason() {
        machine.says.put("tool.cpio", "no");
        machine.says.put("memory.total", "512");
        machine.says.put("container", "lxc");
        assertThat(refused().reason()).isEqualTo(Reason.MissingTool);
        assertThat(refused().message()).startsWith("3 checks failed").contains("cpio", "lxc", "512 MiB");
        assertThat(report().stream().filter(finding -> finding.result() == Result.Failed))
                .extracting(PreflightFinding::reason)
                .containsExactly(Reason.MissingTool, Reason.KexecUnsupported, Reason.InsufficientMemory);
    }

    /** So that a look that finds nothing new writes nothing. */
    @Test
    void theSameMachineGivesTheSameReport() {
        List<PreflightFinding> first = report();
        machine.says.put("memory.available", "17");
        assertThat(report()).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"uid", "memory.total", "boot_mode", "container", "facts.end"})
    void whatTheMachineDidNotSayIsNamedAndNothingElseIsJudged(String key) {
        machine.says.remove(key);
        assertThat(refused().reason()).isEqualTo(Reason.FactsFailed);
        assertThat(report()).singleElement().satisfies(finding -> assertThat(finding.message())
                .contains(key));
    }

    @Test
    void whatIsNoLinuxIsReportedToo() {
        machine.says.put("kernel", "FreeBSD");
        assertThat(report()).singleElement().satisfies(finding -> assertThat(finding.reason())
                .isEqualTo(Reason.NotLinux));
    }

    @ParameterizedTest
    @CsvSource({
        // an archive of so many MiB, memory, what is needed
        "100, 900,  900, Passed",
        "100, 899,  900, Failed",
        "400, 1055, 1056, Failed",
        "400, 1056, 1056, Passed"
    })
    void theMemoryThatIsNeededIsComputedFromTheImageWhereItsSizeIsKnown(
            int imageMib, int memory, String need, Result result) throws IOException {
        Path image = cache.resolve("image.tar.gz");
        try (var file = new java.io.RandomAccessFile(Files.createFile(image).toFile(), "rw")) {
            file.setLength((long) imageMib << 20);
        }
        machine.spec += "install: {kexec: {image: {path: %s}}}\n".formatted(image);
        machine.says.put("memory.total", memory + "");
        assertThat(finding("Memory").result()).isEqualTo(result);
        assertThat(finding("Memory").message()).contains(memory + " MiB", need + " MiB", "swap does not count");
    }

    @Test
    void anotherArchitectureNeedsAnImageOfItsOwn() {
        machine.says.put("architecture", "riscv64");
        machine.spec += "install: {kexec: {image: {url: 'http://images/riscv64.tar'}}}\n";
        assertThat(finding("Architecture").result()).isEqualTo(Result.Passed);
    }

    @ParameterizedTest
    @CsvSource({
        "none,      no,      Passed,",
        "unknown,   no,      Passed,",
        "none,      yes,     Warning,",
        "unknown,   yes,     Warning,",
        "none,      unknown, Warning,",
        "integrity, yes,     Failed, SecureBootBlocksKexec",
        "integrity, unknown, Failed, SecureBootBlocksKexec",
        "integrity, no,      Failed, KexecUnsupported"
    })
    void secureBootRefusesWhereItLocksTheKernelDown(
            String lockdown, String secureBoot, Result result, @org.jspecify.annotations.Nullable Reason reason) {
        machine.says.put("kexec.lockdown", lockdown);
        machine.says.put("secure_boot", secureBoot);
        PreflightFinding finding = finding("SecureBoot");
        assertThat(finding.result()).isEqualTo(result);
        assertThat(finding.reason()).isEqualTo(reason);
        assertThat(finding.message().contains("boot an installer on the machine (ISO"))
                .as(finding.message())
                .isEqualTo(result == Result.Failed || secureBoot.equals("yes"));
    }

    @Test
    void aBoardIsAWarning() {
        machine.says.put("board", "Raspberry Pi 4 Model B Rev 1.4");
        assertThat(machine.advance(Step.Preflight)).isInstanceOf(StepOutcome.Done.class);
        assertThat(finding("Board"))
                .extracting(PreflightFinding::result, PreflightFinding::reason)
                .containsExactly(Result.Warning, null);
        assertThat(finding("Board").message()).contains("Raspberry Pi 4");
    }

    @Test
    void theLoginsOfTheComingSystemsAreTold() {
        machine.spec = machine.spec.replace(
                "credentialsSecretRef: {name: key}",
                "credentialsSecretRef: {name: key}, installer: {port: 2222}, installed: {host: web.example.org,"
                        + " user: deploy, credentialsSecretRef: {name: deploy-key}}");
        assertThat(finding("InstallerLogin").message()).contains("root@192.0.2.5:2222", "Secret key");
        assertThat(finding("InstalledLogin").message())
                .contains("deploy@web.example.org:22", "Secret deploy-key", "authorized keys");
    }

    @Test
    void aMachineThatIsNotLeftByKexecNeedsNothingOfIt() {
        machine.says.put("memory.total", "512");
        machine.says.put("container", "lxc");
        assertThat(refused().reason()).isEqualTo(Reason.KexecUnsupported);
        machine.spec += "install: {kexec: {mode: Never}}\n";
        assertThat(machine.advance(Step.Preflight)).isInstanceOf(StepOutcome.Done.class);
    }

    @Test
    void aNixosOfSomebodyElseIsNotLeftAndSoOnlyLookedAt() {
        machine.installed();
        machine.says.remove("marker.disk");
        machine.says.put("memory.total", "512");
        assertThat(report()).extracting(PreflightFinding::check).containsExactly("Root", "InstalledLogin");
    }

    @Test
    void aReinstallationLeavesByKexecAgain() {
        machine.installed();
        machine.says.put("memory.total", "512");
        machine.spec += "install: {reinstallToken: again}\n";
        assertThat(refused().reason()).isEqualTo(Reason.InsufficientMemory);
        machine.says.put("marker.disk", machine.marker(TestMachine.OPERATION, Marker.State.FORMAT_DONE));
        assertThat(machine.advance(Step.Preflight)).isInstanceOf(StepOutcome.Done.class);
    }
}
