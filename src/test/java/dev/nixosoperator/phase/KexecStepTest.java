package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.bench.ScriptedHost.Call;
import dev.nixosoperator.bench.ScriptedMachine;
import dev.nixosoperator.hash.Sha256;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.remote.ConnectFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a machine gets into the installer, and what is told where it does not. */
class KexecStepTest {
    private static final String LEAVING = "machine will boot into nixos in 6s...\n";
    private static final String GITHUB = "https://github.com/nix-community/nixos-images/x.tar.gz";

    @TempDir
    private Path cache;

    private TestMachine machine;

    @BeforeEach
    void start() {
        machine = new TestMachine(cache);
        machine.host.jobs().plan("kexec-1").exits(0, "loading\n" + LEAVING);
        machine.onPause.add(machine::installer);
    }

    private List<List<String>> started() {
        return machine.host.jobs().started().stream().map(job -> job.args()).toList();
    }

    private StepOutcome.Failed failed() {
        return (StepOutcome.Failed) machine.advance(Step.Kexec);
    }

    @Test
    void extraFlagsGoToTheImagesScriptAsOneArgument() {
        machine.spec += "install: {kexec: {extraFlags: [--reset-vga, --mem-min=0x1000]}}\n";
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(started()).singleElement().satisfies(args -> assertThat(args.getLast())
                .isEqualTo("--reset-vga --mem-min=0x1000"));
    }

    private void always(String foundIn) {
        machine.onPause.clear();
        machine.installer();
        machine.foundIn = foundIn;
        machine.spec += "install: {kexec: {mode: Always}}\n";
        machine.onPause.add(() -> machine.says.put("boot_id", "55555555-boot"));
    }

    @Test
    void alwaysLeavesTheInstallerThatTheOperationFound() {
        always(ScriptedMachine.INSTALLER_BOOT);
        assertThat(machine.advance(Step.Kexec)).isInstanceOfSatisfying(StepOutcome.Done.class, done -> assertThat(
                        done.seen().situation())
                .satisfies(now -> assertThat(now.bootId()).isEqualTo("55555555-boot")));
        assertThat(started()).hasSize(1);
        // The operator was killed before it stored that, or is asked again in this operation.
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(started()).hasSize(1);
    }

    /** The promise to write disks names the boot of the installer that it is for. */
    @Test
    void alwaysStaysWhereTheWorkOnTheDisksHasBegun() {
        always(ScriptedMachine.INSTALLER_BOOT);
        machine.intent = new Operation.Intent("plan", ScriptedMachine.INSTALLER_BOOT, Timestamp.of(machine.now), null);
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(started()).isEmpty();
    }

    @Test
    void alwaysIsNotDoneInTheSameBoot() {
        always(ScriptedMachine.INSTALLER_BOOT);
        machine.onPause.clear();
        assertThat(failed().reason()).isEqualTo(Reason.KexecNotEntered);
    }

    @Test
    void autoStaysInTheInstallerThatItFinds() {
        machine.installer();
        machine.foundIn = ScriptedMachine.INSTALLER_BOOT;
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(started()).isEmpty();
    }

    private void onIpv6Only(String delivery) throws IOException {
        String sha256 = Sha256.hex("an archive");
        Files.writeString(cache.resolve(sha256 + ".image"), "an archive");
        machine.says.put("ipv6_only", "yes");
        machine.spec += "install: {kexec: {delivery: %s, image: {url: \"%s\", sha256: %s}}}\n"
                .formatted(delivery, GITHUB, sha256);
    }

    @Test
    void aMachineWithoutIpv4DownloadsFromTheMirror() throws IOException {
        onIpv6Only("Download");
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(started()).singleElement().satisfies(args -> assertThat(args)
                .contains("https://gh-v6.com/nix-community/nixos-images/x.tar.gz")
                .doesNotContain(GITHUB));
    }

    @Test
    void aMachineWithoutIpv4IsGivenTheArchiveUnlessItMustDownload() throws IOException {
        onIpv6Only("Auto");
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(machine.host.calls("receive.sh"))
                .singleElement()
                .extracting(Call::stdinText)
                .isEqualTo("an archive");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool.curl", "tool.wget"})
    void eitherProgramIsEnoughToDownload(String tool) {
        machine.says.remove("tool.curl");
        machine.says.put(tool, "yes");
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(started()).singleElement().satisfies(args -> assertThat(args)
                .contains("http://images/x86_64.tar.gz"));
    }

    @Test
    void silenceKeepsTheLastWordsOfKexec() {
        machine.host.jobs().plan("kexec-1").with(() -> {
            for (int n = 0; n < 1000; n++) {
                machine.connector.refuse(ConnectFailure.CONNECT_TIMEOUT, "nothing answers");
            }
        });
        assertThat(failed()).satisfies(failed -> {
            assertThat(failed.reason()).isEqualTo(Reason.KexecNoReturn);
            assertThat(failed.message())
                    .contains("power cycle", "untouched", "nothing answers", "reconcile-requested-at", "fe80::5@eth0");
            assertThat(failed.log()).containsExactly("loading", LEAVING.strip());
        });
    }

    /** The archive took most of the time of the try: nobody shall cut the power of a machine that boots. */
    @Test
    void aMachineThatHadNoTimeToComeBackIsWaitedForByTheNextTry() {
        machine.onPause.clear();
        machine.patience = Duration.ofMinutes(2);
        Instant back = machine.now.plus(Duration.ofMinutes(3));
        machine.host.jobs().plan("kexec-1").with(() -> {
            machine.installer();
            machine.connector.silentWhile(() -> machine.now.isBefore(back));
        });
        assertThat(failed()).satisfies(failed -> {
            assertThat(failed.reason()).isEqualTo(Reason.ConnectionLost);
            assertThat(failed.message()).contains("does not answer yet", "stepTimeouts");
            assertThat(failed.log()).contains(LEAVING.strip());
        });
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(started()).hasSize(1);
    }

    @Test
    void theOldSystemTellsWhatItKeptOfTheCrash() {
        machine.onPause.clear();
        machine.host.whenScript("traces.sh").exits(0, "--- /sys/fs/pstore/dmesg-1\nKernel panic - not syncing\n");
        machine.host.jobs().plan("kexec-1").with(() -> machine.says.put("boot_id", "66666666-boot"));
        assertThat(failed()).satisfies(failed -> {
            assertThat(failed.reason()).isEqualTo(Reason.KexecNotEntered);
            assertThat(failed.message()).contains("restarted into its old system");
            assertThat(failed.log()).contains("loading", "Kernel panic - not syncing");
        });
    }

    @Test
    void theSameBootTellsWhatItsKernelSaid() {
        machine.onPause.clear();
        assertThat(failed()).satisfies(failed -> {
            assertThat(failed.reason()).isEqualTo(Reason.KexecNotEntered);
            assertThat(failed.message()).contains("same boot", "another system call");
            assertThat(failed.log()).contains("loading", "kexec_core: Starting new kernel");
        });
    }

    /** The retry is of the machine as it is: an old system that came back is left again. */
    @Test
    void anOldSystemThatCameBackIsLeftAgain() {
        machine.onPause.clear();
        machine.host.jobs().plan("kexec-1").with(() -> machine.says.put("boot_id", "66666666-boot"));
        assertThat(failed().reason()).isEqualTo(Reason.KexecNotEntered);
        machine.host.jobs().restart();
        machine.host.jobs().plan("kexec-1").with(machine::installer);
        assertThat(machine.advance(Step.Kexec)).isInstanceOf(StepOutcome.Done.class);
        assertThat(started()).hasSize(2);
    }
}
