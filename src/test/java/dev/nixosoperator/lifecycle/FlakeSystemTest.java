package dev.nixosoperator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Decision.Hold;
import dev.nixosoperator.lifecycle.Decision.Run;
import dev.nixosoperator.lifecycle.MachineView.Inputs;
import dev.nixosoperator.lifecycle.StepOutcome.Done;
import dev.nixosoperator.lifecycle.StepOutcome.Made;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A system that comes from a flake: resolved once, built once, remembered. */
class FlakeSystemTest {
    private static final FlakeSource ONE = locked("web-1", "1");
    private static final FlakeSource TWO = locked("web-1", "2");

    private final Story story = new Story();

    @BeforeEach
    void spec() {
        story.spec = story.spec.withFlake("web-1");
    }

    private static FlakeSource locked(String attribute, String revision) {
        return new FlakeSource(Specs.FLAKE, attribute, Specs.FLAKE + "/" + revision, revision);
    }

    private Decision makes(FlakeSource source, @Nullable String toplevel) {
        return story.ends(new Done(Seen.of(Story.INSTALLER).withMade(new Made(source, toplevel))));
    }

    private @Nullable FlakeSource source() {
        return story.operation().builtFrom();
    }

    /** At the first try of Build, resolved to {@link #ONE}. */
    private void upToBuild() {
        story.upTo(Step.Build);
        assertThat(source()).isEqualTo(ONE);
    }

    @Test
    void theRevisionIsStoredWithThePromiseAndThePathOnceItIsBuilt() {
        story.upTo(Step.Gate);
        assertThat(source()).isEqualTo(new FlakeSource(Specs.FLAKE, "web-1", null, null));
        assertThat(story.operation().toplevel()).isNull();
        makes(ONE, null);
        assertThat(story.operation().step()).isEqualTo(Step.Disks);
        assertThat(story.operation().intent()).isNotNull();
        assertThat(source()).isEqualTo(ONE);
        assertThat(Objects.requireNonNull(story.status.system()).revision()).isEqualTo("1");
        story.sees(Story.INSTALLER);
        assertThat(makes(ONE, Specs.SYSTEM_A)).isInstanceOf(Run.class);
        assertThat(story.operation().step()).isEqualTo(Step.Files);
        assertThat(story.operation().toplevel()).isEqualTo(Specs.SYSTEM_A);
        assertThat(Objects.requireNonNull(story.status.system()).desired()).isEqualTo(Specs.SYSTEM_A);
    }

    private void installed() {
        upToBuild();
        makes(ONE, Specs.SYSTEM_A);
        while (story.operation().step() != Step.Verify) {
            story.sees(Story.INSTALLER);
        }
        story.sees(Story.installedSystem(story.operation().id(), Story.ID, null));
    }

    @Test
    void anInstalledOneIsRememberedWithItsRevision() {
        installed();
        InstallRecord install = Objects.requireNonNull(story.status.install());
        assertThat(install.builtFrom()).isEqualTo(ONE);
        assertThat(install.toplevel()).isEqualTo(Specs.SYSTEM_A);
        assertThat(Wanted.toplevel(story.spec.build().system(), Memory.of(story.status)))
                .isEqualTo(Specs.SYSTEM_A);
    }

    @Test
    void anotherFlakeOnAnInstalledMachineBeginsNothing() {
        installed();
        story.spec = story.spec.withFlake("web-2");
        story.decide();
        assertThat(story.status.operation()).isNull();
        assertThat(Wanted.toplevel(story.spec.build().system(), Memory.of(story.status)))
                .isNull();
    }

    @Test
    void withoutAGateItIsResolvedFirstAndBuiltOnceThatIsStored() {
        story.spec = story.spec.withPhases(Install.Phase.Install, Install.Phase.Reboot);
        story.decide();
        story.sees(Story.INSTALLER);
        assertThat(story.operation().step()).isEqualTo(Step.Build);
        assertThat(makes(ONE, null)).isInstanceOf(Run.class);
        assertThat(story.operation().step()).isEqualTo(Step.Build);
        assertThat(story.operation().attempt())
                .as("a try that starts from the stored revision")
                .isEqualTo(2);
        assertThat(source()).isEqualTo(ONE);
    }

    @Test
    void whatIsResolvedStaysResolved() {
        upToBuild();
        makes(TWO, null);
        assertThat(source()).isEqualTo(ONE);
        assertThat(story.operation().step()).isEqualTo(Step.Build);
        makes(TWO, Specs.SYSTEM_B);
        assertThat(story.operation().step()).as("of another revision").isEqualTo(Step.Build);
        assertThat(story.operation().toplevel()).isNull();
        makes(ONE, Specs.SYSTEM_A);
        assertThat(story.operation().step()).isEqualTo(Step.Files);
    }

    @Test
    void aMachineThatRestartedIsBuiltFromTheSame() {
        upToBuild();
        story.ends(new StepOutcome.Elsewhere(Seen.of(Story.FOREIGN)));
        story.passes(Duration.ofMinutes(1));
        story.sees(Story.INSTALLER);
        assertThat(story.operation().step()).isEqualTo(Step.Disks);
        assertThat(source()).isEqualTo(ONE);
    }

    @Test
    void aTryAgainBuildsTheSame() {
        upToBuild();
        story.fails(Reason.SourceUnavailable);
        story.passes(Duration.ofMinutes(20));
        assertThat(story.decide()).isInstanceOf(Run.class);
        assertThat(source()).isEqualTo(ONE);
    }

    @Test
    void whoMendedTheFlakeGetsTheMendedOne() {
        upToBuild();
        assertThat(story.fails(Reason.EvaluationFailed)).isInstanceOf(Hold.class);
        assertThat(source()).isEqualTo(ONE);
        story.requests = new MachineView.Requests(null, "now", null);
        assertThat(story.decide()).isInstanceOf(Run.class);
        assertThat(source()).isEqualTo(new FlakeSource(Specs.FLAKE, "web-1", null, null));
        makes(TWO, null);
        assertThat(source()).isEqualTo(TWO);
    }

    /** A change after some other failure is none of the flake. */
    @Test
    void whoMendedSomethingElseGetsTheSame() {
        upToBuild();
        makes(ONE, Specs.SYSTEM_A);
        story.fails(Reason.FilesFailed);
        story.inputs = new Inputs.Resolved("layout-1", "work-1", "all-2");
        story.decide();
        assertThat(source()).isEqualTo(ONE);
        assertThat(story.operation().toplevel()).isEqualTo(Specs.SYSTEM_A);
    }

    @Test
    void anotherFlakeOrAPathMeanwhileTakesItsPlace() {
        upToBuild();
        story.spec = story.spec.withFlake("web-2");
        assertThat(story.decide()).isInstanceOf(Run.class);
        assertThat(story.operation().step()).isEqualTo(Step.Build);
        assertThat(source()).isEqualTo(new FlakeSource(Specs.FLAKE, "web-2", null, null));
        story.spec = story.spec.withToplevel(Specs.SYSTEM_B);
        story.decide();
        assertThat(story.operation().step()).isEqualTo(Step.Copy);
        assertThat(source()).isNull();
        assertThat(story.operation().toplevel()).isEqualTo(Specs.SYSTEM_B);
        story.spec = story.spec.withFlake("web-1");
        story.decide();
        assertThat(story.operation().step()).isEqualTo(Step.Build);
        assertThat(story.operation().toplevel()).isNull();
    }

    /** The status is lost; the marker of the format tells the revision, and what is built goes on. */
    @Test
    void theMachineRemembersTheRevision() {
        upToBuild();
        String operation = story.operation().id();
        Marker marker = Story.marker(operation, Story.ID, null, Marker.State.FORMAT_DONE);
        Marker made = new Marker(
                marker.uid(),
                marker.namespace(),
                marker.name(),
                operation,
                marker.planHash(),
                marker.layoutHash(),
                null,
                "dmi-1",
                Marker.State.FORMAT_DONE,
                null,
                ONE,
                marker.time());
        story.status = NixosMachineStatus.EMPTY;
        story.decide();
        story.sees(Story.installerWith(made));
        assertThat(story.operation().id()).isEqualTo(operation);
        assertThat(source()).isEqualTo(ONE);
    }
}
