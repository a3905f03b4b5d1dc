package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.remote.CommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a step shares with others what is limited. */
class TurnsTest {
    @TempDir
    private Path directory;

    private TestMachine machine;
    private final TestTurns turns = new TestTurns();

    @BeforeEach
    void start() {
        machine = new TestMachine(directory);
        turns.deadline = machine.now.plusSeconds(600);
        machine.turns = turns;
    }

    private void uploads() throws IOException {
        Path image = Files.writeString(directory.resolve("image.tar.gz"), "an archive");
        machine.spec += "install: {kexec: {image: {path: %s}, delivery: Upload}}\n".formatted(image);
    }

    private void failsAsBusy(Step step, String flag) {
        assertThat(machine.advance(step)).isInstanceOfSatisfying(StepOutcome.Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(Reason.OperatorBusy);
            assertThat(failed.message()).contains(flag);
        });
    }

    @Test
    void aConnectionIsOpenedInTurnAndAKeptOneNeedsNone() {
        machine.advance(Step.Observe);
        assertThat(turns.calls).containsExactly("connects", "connects no more", "back");
        turns.calls.clear();
        machine.advance(Step.Observe);
        assertThat(turns.calls).containsExactly("back");
    }

    @Test
    void noTurnToConnectIsAReason() {
        turns.none = true;
        failsAsBusy(Step.Preflight, "--max-connects");
    }

    @Test
    void aMachineThatIsWaitedForIsAwayUntilItAnswers() {
        machine.installed();
        AtomicInteger looks = new AtomicInteger();
        machine.connector.silentWhile(() -> looks.incrementAndGet() < 3);
        assertThat(machine.advance(Step.Verify)).isInstanceOf(StepOutcome.Done.class);
        assertThat(turns.calls)
                .filteredOn(call -> !call.startsWith("connects"))
                .containsExactly("away", "away", "back");
    }

    @Test
    void theInstallerIsUploadedInTurn() throws IOException {
        uploads();
        machine.host.whenScript("receive.sh").does(call -> {
            turns.calls.add("receives");
            return new CommandResult.Exited(28, "", "no room");
        });
        machine.advance(Step.Kexec);
        assertThat(turns.calls).endsWith("uploads", "receives", "uploads no more", "back");
        assertThat(machine.progress)
                .extracting(StepOutcome.Progress::message)
                .contains("waits for its turn to upload the installer");
    }

    @Test
    void otherMachinesWorkWhileTheOperatorDownloads() {
        machine.spec += "install: {kexec: {image: {url: 'http://127.0.0.1:1/none'}, delivery: Upload}}\n";
        assertThat(machine.advance(Step.Kexec))
                .isInstanceOfSatisfying(StepOutcome.Failed.class, failed -> assertThat(failed.reason())
                        .isEqualTo(Reason.ImageDownloadFailed));
        assertThat(turns.calls).endsWith("away", "back");
    }

    @Test
    void theTimeInTheQueueForAnUploadIsNotTheSteps() throws IOException {
        uploads();
        turns.queue = Duration.ofHours(1);
        machine.advance(Step.Kexec);
        // what kexec.sh may take is its last argument but one, in seconds
        assertThat(machine.host.calls("job.sh"))
                .filteredOn(call -> call.args().getFirst().equals("start"))
                .singleElement()
                .satisfies(call -> {
                    String seconds = call.args().reversed().get(1);
                    assertThat(Duration.ofSeconds(Long.parseLong(seconds))).isGreaterThan(turns.queue);
                });
    }

    @Test
    void noTurnToUploadIsAReason() throws IOException {
        uploads();
        machine.advance(Step.Observe);
        turns.none = true;
        failsAsBusy(Step.Kexec, "--max-uploads");
        assertThat(machine.host.calls("receive.sh")).isEmpty();
    }

    @Test
    void aConnectionThatWaitsForATurnIsNotClosedAsIdle() throws IOException {
        uploads();
        turns.deadline = machine.now.plus(Duration.ofHours(1));
        turns.meanwhile = machine::longMoment;
        machine.host.jobs().plan("kexec-1").exits(1, "::failed run\n");
        assertThat(machine.advance(Step.Kexec))
                .isInstanceOfSatisfying(StepOutcome.Failed.class, failed -> assertThat(failed.reason())
                        .as(failed.message())
                        .isEqualTo(Reason.KexecFailed));
        assertThat(machine.connector.attempts()).hasSize(1);
    }

    @Test
    void aConnectionThatNoTryUsesIsClosedAfterAWhile() {
        machine.advance(Step.Observe);
        machine.longMoment();
        machine.advance(Step.Observe);
        assertThat(machine.connector.attempts()).hasSize(2);
    }
}
