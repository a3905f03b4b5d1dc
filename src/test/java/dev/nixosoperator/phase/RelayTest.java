package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.bench.LabHttp;
import dev.nixosoperator.bench.ScriptedHost.Call;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.nix.ServeDouble;
import dev.nixosoperator.nix.TestCache;
import dev.nixosoperator.nix.TestNar;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Dialogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code substituteOnTarget: false}; {@link RelayIT} does it on a real machine. */
class RelayTest {
    private static final int PATHS = 40;

    @TempDir
    private Path directory;

    private final TestCache content = TestCache.system(PATHS);
    private final ServeDouble store = new ServeDouble();
    private TestMachine machine;
    private LabHttp cache;

    @BeforeEach
    void start() {
        content.write(directory.resolve("cache"));
        cache = LabHttp.serve(directory.resolve("cache"));
        machine = new TestMachine(directory);
        machine.toplevel = TestCache.path(0).toString();
        machine.spec =
                """
                connection: {host: 192.0.2.5, user: admin, credentialsSecretRef: {name: key}}
                diskLayoutRef: {name: plain}
                system: {storePath: {toplevel: %s, from: "%s"}}
                copy: {substituteOnTarget: false, trustedPublicKeys: ["%s"]}
                """
                        .formatted(TestCache.path(0), cache.localUrl(""), content.key());
        machine.mounted(Marker.State.FORMAT_DONE);
        machine.host.when(call -> call.argv().getFirst().equals("nix")).fails(1, "error: path is not valid");
        serves(call -> {
            speak(call);
            machine.copied(TestCache.path(0).toString());
            return new CommandResult.Exited(0, "", "");
        });
    }

    @AfterEach
    void close() {
        cache.close();
    }

    private void serves(Function<Call, CommandResult> answer) {
        machine.host.whenScript("serve.sh").does(answer);
    }

    private void speak(Call call) {
        Dialogue dialogue = Objects.requireNonNull(call.dialogue());
        store.connected((from, to) -> {
            try {
                dialogue.hold(from, to);
                return from;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private StepOutcome.Failed fails(Step step, Reason reason) {
        StepOutcome outcome = machine.advance(step);
        assertThat(outcome).isInstanceOf(StepOutcome.Failed.class);
        StepOutcome.Failed failed = (StepOutcome.Failed) outcome;
        assertThat(failed.reason()).as(failed.message()).isEqualTo(reason);
        return failed;
    }

    @Test
    void theMachineGetsWhatItLacksAndIsToldOfNoCache() {
        store.having(TestCache.paths(PATHS - 1));
        assertThat(machine.advance(Step.Copy)).isInstanceOf(StepOutcome.Done.class);
        assertThat(store.given()).hasSize(PATHS - 1).last().isEqualTo(TestCache.path(0));
        assertThat(machine.host.calls())
                .noneMatch(call ->
                        call.argv().toString().contains(cache.localUrl("").toString()));
        assertThat(machine.progress)
                .last()
                .satisfies(progress -> assertThat(progress.message()).isEqualTo("39 of 39 paths"))
                .satisfies(progress -> assertThat(progress.percent()).isEqualTo(100));
    }

    /** What the caches say is read before the wipe. */
    @Test
    void theGateAsksTheCachesItself() {
        machine.installer();
        machine.approve(false);
        assertThat(machine.advance(Step.Gate)).isInstanceOf(StepOutcome.Done.class);
        content.with(
                0, new TestNar.Directory(Map.of("system", new TestNar.Leaf("aarch64-linux\n", false))).archive(), 1);
        content.write(directory.resolve("cache"));
        assertThat(fails(Step.Gate, Reason.ArchitectureMismatch).message()).contains("aarch64-linux");
        cache.fail(path -> path.endsWith(".narinfo"), 503);
        assertThat(fails(Step.Gate, Reason.CacheUnavailable).message()).contains("503", "substituteOnTarget");
        cache.fail(path -> path.endsWith(".narinfo"), 404);
        fails(Step.Gate, Reason.StorePathNotFound);
        cache.fail(path -> true, 403);
        fails(Step.Gate, Reason.CacheUnavailable);
    }

    @Test
    void aCacheIsNotAskedForLongerThanTheStepMayTake() {
        machine.patience = Duration.ZERO;
        assertThat(fails(Step.Copy, Reason.CacheUnavailable).message()).contains("the time is over");
    }

    @Test
    void whatIsNotAsPromisedIsNotGiven() {
        content.replace(0, "NarSize: ", "NarSize: 1");
        content.write(directory.resolve("cache"));
        fails(Step.Copy, Reason.SignatureRejected);
        assertThat(store.given()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    1   | error: writing to file: No space left on device                    | StoreFull
                    127 | sh: 1: exec: nix-store: not found                                  | MissingTool
                    1   | error: hash mismatch importing path '/nix/store/x'                 | HashMismatch
                    1   | error: remounting /nix/store writable                              | CopyFailed
                    1   | something new                                                      | CopyFailed
                    """)
    void whyNixEndsIsNamed(int code, String stderr, Reason reason) {
        serves(call -> new CommandResult.Exited(code, "", stderr));
        assertThat(fails(Step.Copy, reason).message()).contains(stderr);
    }

    @Test
    void whatBecomesOfTheConnection() {
        serves(call -> new CommandResult.Lost("reset by peer"));
        assertThat(fails(Step.Copy, Reason.ConnectionLost).message()).contains("reset by peer");
        serves(call -> new CommandResult.TimedOut(Duration.ofMinutes(5)));
        assertThat(fails(Step.Copy, Reason.CopyFailed).message()).contains("no progress for 5 minutes");
        serves(call -> new CommandResult.Signalled("KILL", "", ""));
        assertThat(fails(Step.Copy, Reason.CopyFailed).message()).contains("KILL");
    }

    @Test
    void isGivenUpWhenNobodyWantsItAnyMore() {
        machine.cancelled = true;
        serves(call -> {
            speak(call);
            return new CommandResult.Lost("closed");
        });
        assertThat(machine.advance(Step.Copy)).isInstanceOf(StepOutcome.Cancelled.class);
    }

    @Test
    void isDoneInTurn() {
        TestTurns turns = new TestTurns();
        turns.deadline = machine.now.plusSeconds(600);
        machine.turns = turns;
        assertThat(machine.advance(Step.Copy)).isInstanceOf(StepOutcome.Done.class);
        assertThat(turns.calls).contains("uploads", "uploads no more");
    }
}
