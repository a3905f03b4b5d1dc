package dev.nixosoperator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Decision.Hold;
import dev.nixosoperator.lifecycle.Decision.Run;
import dev.nixosoperator.lifecycle.MachineView.Inputs;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Credentials that change, go or run out while an installation is under way. */
class CredentialChangesTest {
    private static final Inputs ROTATED = new Inputs.Resolved("layout-1", "work-1", "all-2");
    private static final Inputs GONE = new Inputs.Unresolved(Reason.SecretNotFound, "there is no Secret key");
    private static final Failed REFUSED = Failed.of(Reason.AuthenticationFailed, "the key is not accepted");
    private final Story story = new Story();

    /** Before the format it begins with a look, which is cheap; after it exactly where it was. */
    private void assertGoesOn(Decision decision, Step step, Operation before) {
        assertThat(decision).isInstanceOf(Run.class);
        assertThat(story.operation().step()).isEqualTo(before.intent() == null ? Step.Preflight : step);
        assertThat(story.operation().id()).isEqualTo(before.id());
        assertThat(story.operation().intent()).isEqualTo(before.intent());
        assertThat(story.operation().builtFrom()).isEqualTo(before.builtFrom());
    }

    private static void assertHolds(Decision decision, Reason reason) {
        assertThat(decision).isInstanceOfSatisfying(Hold.class, hold -> assertThat(hold.reason())
                .isEqualTo(reason));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "Observe")
    void aTryThatRunsGoesOnWhenTheSecretIsRotatedAndTheNextOneHasTheNewOne(Step step) {
        story.upTo(step);
        Operation before = story.operation();
        story.running = true;
        story.inputs = ROTATED;
        assertThat(story.decide()).isInstanceOf(Run.class);
        assertThat(story.operation()).isEqualTo(before);
        story.running = false;
        assertGoesOn(story.endsWith("all-1", REFUSED), step, before);
        Operation again = story.operation();
        assertHolds(story.endsWith("all-2", REFUSED), Reason.AuthenticationFailed);
        assertHolds(story.decide(), Reason.AuthenticationFailed);
        assertThat(story.operation().id()).isEqualTo(again.id());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "Observe")
    void aTryThatRunsGoesOnWithoutItsSecretAndTheNextOneWaitsForIt(Step step) {
        story.upTo(step);
        Operation before = story.operation();
        story.running = true;
        story.inputs = GONE;
        assertThat(story.decide()).isInstanceOf(Run.class);
        assertThat(story.operation()).isEqualTo(before);
        story.running = false;
        assertHolds(story.endsWith("all-1", REFUSED), Reason.SecretNotFound);
        assertHolds(story.decide(), Reason.SecretNotFound);
        story.inputs = ROTATED;
        assertGoesOn(story.decide(), step, before);
    }

    @ParameterizedTest
    @CsvSource({"Kexec, SecretInvalid", "Disks, SecretInvalid", "Copy,  AuthenticationFailed", "Verify, SecretInvalid"})
    void aCertificateThatRanOutWaitsForANewOne(Step step, Reason reason) {
        story.upTo(step);
        Operation before = story.operation();
        assertHolds(story.endsWith("all-1", Failed.of(reason, "the certificate is valid until yesterday")), reason);
        assertHolds(story.decide(), reason);
        story.inputs = ROTATED;
        assertGoesOn(story.decide(), step, before);
    }
}
