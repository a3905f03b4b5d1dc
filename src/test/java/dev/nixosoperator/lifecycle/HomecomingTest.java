package dev.nixosoperator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.NixosMachineSpec.ManagementPolicy;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.MachineView.Ended;
import dev.nixosoperator.lifecycle.StepOutcome.Done;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When the operator's own key for the installer has done its service. */
class HomecomingTest {
    private static final Situation HOME = Story.installedSystem("op-1", Story.ID, null);

    private final Story story = new Story();

    private boolean isSeen(Decision decision) {
        return Homecoming.isSeen(Objects.requireNonNull(story.view), decision);
    }

    @Test
    void theProofOfTheInstalledSystemIsOne() {
        story.upTo(Step.Verify);
        assertThat(isSeen(story.sees(Story.installedSystem(story.operation().id(), Story.ID, null))))
                .isTrue();
        assertThat(isSeen(story.decide())).as("nothing was seen since").isFalse();
    }

    @Test
    void aLaterLookMakesUpForAnOperatorThatDiedThen() {
        story.installed();
        assertThat(isSeen(story.looks(new Done(Seen.of(HOME))))).isTrue();
        assertThat(isSeen(story.looks(Failed.of(Reason.ConnectTimeout, "no answer"))))
                .isFalse();
        assertThat(isSeen(story.looks(new Done(Seen.of(Story.INSTALLER))))).isFalse();
    }

    /** It sits in the installer, where the key is the only way in; the record is of the installation before. */
    @ParameterizedTest
    @EnumSource(
            value = ManagementPolicy.class,
            names = {"ObserveOnly", "UpdateOnly"})
    void aReinstallationThatIsGivenUpInTheInstallerIsNone(ManagementPolicy policy) {
        story.installed();
        story.spec = story.spec.withToken("again");
        story.upTo(Step.Gate);
        Ended seen = new Ended(Attempt.of(story.operation()), new Done(Seen.of(Story.INSTALLER)));
        story.spec = story.spec.withPolicy(policy);
        assertThat(isSeen(story.decide(seen))).isFalse();
        assertThat(story.status.operation()).isNull();
        assertThat(isSeen(story.decide())).isFalse();
        assertThat(isSeen(story.looks(new Done(Seen.of(Story.INSTALLER))))).isFalse();
        assertThat(isSeen(story.decide())).isFalse();
    }
}
