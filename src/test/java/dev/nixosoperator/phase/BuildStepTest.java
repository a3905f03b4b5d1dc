package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.SystemSource;
import dev.nixosoperator.bench.ScriptedHost;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Made;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A system from a flake, resolved at the gate and built in the installer. */
class BuildStepTest {
    static final String LOCKED = "github:org/infra/a3a3dda3bacf61e8a39258a0ed9c924eeca8e293";
    static final String METADATA =
            "{\"locked\":{\"rev\":\"a3a3dda3bacf61e8a39258a0ed9c924eeca8e293\"},\"url\":\"" + LOCKED + "\"}";
    private static final String INSTALLABLE = LOCKED + "#nixosConfigurations.web-1.config.system.build.toplevel";

    @TempDir
    private Path cache;

    private TestMachine machine;

    @BeforeEach
    void machine() {
        machine = new TestMachine(cache);
        machine.cacheHolds(true);
        machine.host.when(BuildStepTest::asksForMetadata).exits(0, METADATA);
    }

    static boolean asksForMetadata(ScriptedHost.Call call) {
        return call.argv().getFirst().equals("nix") && call.argv().contains("metadata");
    }

    private @Nullable Made made(Step step) {
        StepOutcome outcome = machine.advance(step);
        assertThat(outcome).isInstanceOf(StepOutcome.Done.class);
        return ((StepOutcome.Done) outcome).seen().made();
    }

    private List<String> started() {
        return machine.host.jobs().started().stream()
                .map(job -> job.id().step())
                .toList();
    }

    private void mounted(@Nullable String locked) {
        machine.mounted(Marker.State.FORMAT_DONE);
        machine.builds(locked);
    }

    @Test
    void theGateResolvesTheFlakeOnce() {
        machine.installer();
        machine.approve(false);
        machine.builds(null);
        Made made = Objects.requireNonNull(made(Step.Gate));
        assertThat(made.toplevel()).isNull();
        assertThat(made.from())
                .isEqualTo(new FlakeSource(
                        "github:org/infra", "web-1", LOCKED, "a3a3dda3bacf61e8a39258a0ed9c924eeca8e293"));
        machine.flake = made.from();
        machine.host.forgetCalls();
        assertThat(made(Step.Gate)).isNull();
        assertThat(machine.host.calls()).noneMatch(BuildStepTest::asksForMetadata);
    }

    /** A typo must not leave a wiped machine. */
    @Test
    void theGateMissesAnAttributeWhereTheFlakeItselfTells() {
        machine.installer();
        machine.approve(false);
        machine.builds(null);
        ScriptedHost.Rule asked = machine.host.when(call -> call.argv().contains("eval"));
        asked.exits(0, "[\"web-2\",\"web-3\"]\n");
        assertThat(machine.advance(Step.Gate)).isInstanceOfSatisfying(StepOutcome.Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(Reason.AttributeNotFound);
            assertThat(failed.message()).contains("nixosConfigurations.web-1", "web-3");
        });
        asked.fails(1, "error: flake 'x' does not provide attribute 'nixosConfigurations'\n");
        assertThat(machine.advance(Step.Gate))
                .isInstanceOfSatisfying(StepOutcome.Failed.class, failed -> assertThat(failed.reason())
                        .isEqualTo(Reason.AttributeNotFound));
        asked.fails(1, "error: unable to download 'https://github.com/…'\n");
        assertThat(made(Step.Gate)).as("only the build can tell").isNotNull();
        asked.exits(0, "true\n");
        assertThat(made(Step.Gate)).isNotNull();
    }

    @Test
    void whatIsResolvedByTheStepItselfIsNotBuiltByThatTry() {
        mounted(null);
        assertThat(Objects.requireNonNull(made(Step.Build)).from().locked()).isEqualTo(LOCKED);
        assertThat(started()).isEmpty();
    }

    @Test
    void buildsTheRevisionThatIsStored() {
        mounted(LOCKED);
        machine.host
                .jobs()
                .plan("build-1")
                .exits(0, "copying path '/nix/store/x' from 'y'...\nbuilding '/nix/store/y.drv'...\ny> make\n")
                .with(() -> machine.built(LOCKED));
        Made made = Objects.requireNonNull(made(Step.Build));
        assertThat(made).isEqualTo(new Made(Objects.requireNonNull(machine.flake), TestMachine.TOPLEVEL));
        assertThat(made(Step.Build)).as("seen on the machine").isEqualTo(made);
        assertThat(machine.host.jobs().started()).singleElement().satisfies(job -> assertThat(job.args())
                .startsWith(INSTALLABLE, "https://cache.nixos.org"));
        assertThat(machine.host.calls()).noneMatch(BuildStepTest::asksForMetadata);
        assertThat(machine.progress).anyMatch(said -> said.message().equals("1 built, 1 fetched"));
    }

    @Test
    void whatAnotherRevisionLeftOnTheDiskIsNotTaken() {
        mounted(LOCKED);
        machine.built("github:org/infra/another");
        machine.host.jobs().plan("build-1").exits(0, "").with(() -> machine.built(LOCKED));
        made(Step.Build);
        assertThat(started()).containsExactly("build-1");
    }

    /** The disk was full, or a garbage collector was there. */
    @Test
    void aNoteAloneIsNoSystem() {
        mounted(LOCKED);
        machine.built(LOCKED);
        machine.host.when(call -> call.argv().contains(Closure.TARGET)).exits(1, "");
        machine.host.jobs().plan("build-1").exits(0, "").with(machine::copied);
        made(Step.Build);
        assertThat(started()).containsExactly("build-1");
    }

    /** The operator was killed while it ran, and the wish changed meanwhile: its end is not that of what is wished for. */
    @Test
    void anEndOfAnotherBuildIsNotTaken() {
        mounted(LOCKED);
        machine.host.jobs().plan("build-1").exits(0, "").with(() -> machine.built("github:org/infra/another"));
        assertThat(machine.advance(Step.Build))
                .isInstanceOfSatisfying(StepOutcome.Failed.class, failed -> assertThat(failed.reason())
                        .isEqualTo(Reason.ConnectionLost));
        machine.host.jobs().plan("build-2").exits(0, "").with(() -> machine.built(LOCKED));
        assertThat(Objects.requireNonNull(made(Step.Build)).toplevel()).isEqualTo(TestMachine.TOPLEVEL);
    }

    @Test
    void cachesOfTheSpecTakeThePlaceOfTheUsualOne() {
        mounted(LOCKED);
        machine.spec += "copy: {substituters: [\"http://cache\"]}\n";
        machine.host.jobs().plan("build-1").exits(0, "").with(() -> machine.built(LOCKED));
        made(Step.Build);
        assertThat(machine.host.jobs().started().getFirst().args().get(1)).isEqualTo("http://cache");
    }

    @Test
    void aSystemForAnotherMachineIsRefusedOnceItIsThere() {
        mounted(LOCKED);
        machine.built(LOCKED);
        machine.host
                .when(call -> call.argv().contains("cat") && call.argv().contains(Closure.TARGET))
                .exits(0, "aarch64-linux");
        assertThat(machine.advance(Step.Build))
                .isInstanceOfSatisfying(StepOutcome.Failed.class, failed -> assertThat(failed.reason())
                        .isEqualTo(Reason.ArchitectureMismatch));
    }

    @Test
    void whereItIsBuiltAndWhatThatNeedsIsToldBefore() {
        machine.builds(null);
        assertThat(build("1024")).satisfies(finding -> {
            assertThat(finding.result()).isEqualTo(PreflightFinding.Result.Warning);
            assertThat(finding.message()).contains("Auto", "there is no other place yet", "1024 MiB", "2048 MiB");
        });
        assertThat(build("8192").result()).isEqualTo(PreflightFinding.Result.Passed);
        machine.spec += "build: {place: Target}\n";
        assertThat(build("8192").message()).doesNotContain("Auto");
        machine.installer();
        assertThat(build("512")).satisfies(finding -> {
            assertThat(finding.result()).isEqualTo(PreflightFinding.Result.Failed);
            assertThat(finding.reason()).isEqualTo(Reason.InsufficientMemory);
        });
    }

    private PreflightFinding build(String memory) {
        machine.says.put("memory.total", memory);
        StepOutcome outcome = machine.advance(Step.Preflight);
        StepOutcome.Seen seen = outcome instanceof StepOutcome.Done done
                ? done.seen()
                : Objects.requireNonNull(((StepOutcome.Failed) outcome).seen());
        return seen.preflight().stream()
                .filter(finding -> finding.check().equals("Build"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatNixWouldNotTakeIsNamedByItsField() {
        assertThat(FlakeBuild.problem(new SystemSource.Flake("github:org/infra#x", "a"))
                        .orElseThrow())
                .startsWith("ref: ");
        assertThat(FlakeBuild.problem(new SystemSource.Flake("github:org/infra", "a..b"))
                        .orElseThrow())
                .startsWith("attribute: ");
        assertThat(FlakeBuild.problem(new SystemSource.Flake("github:org/infra", "web-1")))
                .isEmpty();
    }
}
