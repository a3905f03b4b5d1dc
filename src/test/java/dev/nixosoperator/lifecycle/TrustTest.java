package dev.nixosoperator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.Identity.Presented;
import dev.nixosoperator.api.v1alpha1.MachinePlan.ApprovalNeed;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Decision.Hold;
import dev.nixosoperator.lifecycle.Decision.Idle;
import dev.nixosoperator.lifecycle.Decision.Look;
import dev.nixosoperator.lifecycle.Decision.Run;
import dev.nixosoperator.lifecycle.Decision.Stop;
import dev.nixosoperator.lifecycle.MachineView.Requests;
import dev.nixosoperator.lifecycle.StepOutcome.Done;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A host key that is refused, and a person who accepts it. */
class TrustTest {
    private static final String PINNED = "ssh-ed25519 AAAA";
    private static final String OTHER = "ssh-ed25519 BBBB";
    private static final String INSTALLED = "ssh-ed25519 CCCC";
    private final Story story = new Story();

    @BeforeEach
    void pinned() {
        story.status = status(new Identity(
                "m", "boot-1", "dmi-1", List.of(PINNED), List.of(), List.of(print(PINNED)), null, null, List.of()));
    }

    @Test
    void theFirstKeyOfAJumpHostIsPinnedAndNeverReplaced() {
        story.decide();
        story.ends(new Done(Seen.of(Story.FOREIGN)
                .withHostKey(PINNED)
                .withJumpHosts(List.of(new Identity.JumpHost("bastion:22", List.of(OTHER))))));
        story.plans(ApprovalNeed.None);
        story.ends(new Done(Seen.of(Story.INSTALLER)
                .withJumpHosts(List.of(
                        new Identity.JumpHost("bastion:22", List.of(INSTALLED)),
                        new Identity.JumpHost("next:22", List.of(PINNED))))));
        assertThat(identity().jumpHosts())
                .containsExactly(
                        new Identity.JumpHost("bastion:22", List.of(OTHER)),
                        new Identity.JumpHost("next:22", List.of(PINNED)));
        assertThat(identity().hostKeys()).containsExactly(PINNED);
    }

    /** What was shown last may be the machine's of an earlier day: a person who reads of a jump host means another key. */
    @Test
    void whileAJumpHostRefusesNoAnnotationAcceptsAKey() {
        Presented old = new Presented(OTHER, print(OTHER), true);
        story.status = status(
                new Identity("m", "boot-1", "dmi-1", List.of(PINNED), List.of(), List.of(), old, null, List.of()));
        story.decide();
        story.ends(new Failed(Reason.JumpHostRefused, "another key", List.of(), null));
        annotate(print(OTHER));
        assertThat(story.decide()).isInstanceOf(Hold.class);
        assertThat(identity().hostKeys()).containsExactly(PINNED);
    }

    private static NixosMachineStatus status(Identity identity) {
        return new NixosMachineStatus(
                null, null, null, null, List.of(), null, identity, null, null, null, null, null, List.of(), List.of());
    }

    private static String print(String key) {
        return HostKeys.fingerprints(List.of(key)).getFirst();
    }

    private static Failed refused(String key, boolean acceptable) {
        return new Failed(
                Reason.HostKeyMismatch,
                "another key",
                List.of(),
                Seen.refused(new Presented(key, print(key), acceptable)));
    }

    private void annotate(@Nullable String fingerprint) {
        story.requests = new Requests(story.requests.approvedPlan(), null, fingerprint);
    }

    private Identity identity() {
        return Objects.requireNonNull(story.status.identity());
    }

    private static void assertHolds(Decision decision) {
        assertThat(decision).isInstanceOfSatisfying(Hold.class, hold -> assertThat(hold.reason())
                .isEqualTo(Reason.HostKeyMismatch));
    }

    private void assertRuns(Decision decision, Step step) {
        assertThat(decision).isInstanceOf(Run.class);
        assertThat(story.operation().step()).isEqualTo(step);
    }

    @ParameterizedTest
    @CsvSource({
        "Preflight, Preflight",
        "Plan,      Preflight",
        "Kexec,     Preflight",
        "Gate,      Preflight",
        "Disks,     Disks",
        "Copy,      Copy",
        "Files,     Files",
        "Install,   Install",
        "Reboot,    Reboot",
        "Verify,    Verify"
    })
    void theKeyThatAPersonNamesTakesThePlaceOfThePinnedOneAndTheStepIsTriedAnew(Step step, Step again) {
        story.upTo(step);
        assertHolds(story.ends(refused(OTHER, true)));
        assertThat(Objects.requireNonNull(identity().presented()).fingerprint()).isEqualTo(print(OTHER));
        annotate(print(INSTALLED));
        assertHolds(story.decide());
        assertThat(identity().hostKeys()).containsExactly(PINNED);
        annotate(print(OTHER));
        assertRuns(story.decide(), again);
        assertThat(identity().hostKeys()).containsExactly(OTHER);
        assertThat(identity().fingerprints()).containsExactly(print(OTHER));
        assertThat(identity().presented()).isNull();
        assertThat(identity().acceptedHostKey()).isEqualTo(print(OTHER));
        assertThat(story.status.failure()).isNull();
    }

    @Test
    void aSettledMachineIsLookedAtAtOnce() {
        story.installed();
        assertThat(story.decide()).isInstanceOf(Idle.class);
        assertHolds(story.looks(refused(OTHER, true)));
        annotate(print(OTHER));
        assertThat(story.decide()).isInstanceOf(Look.class);
        assertThat(identity().hostKeys()).containsExactly(OTHER);
        String id = Objects.requireNonNull(story.status.install()).id();
        story.looks(new Done(Seen.of(Story.installedSystem(id, Story.ID, null)).withHostKey(OTHER)));
        assertThat(story.decide()).isInstanceOf(Idle.class);
        assertThat(story.status.failure()).isNull();
    }

    @Test
    void anAnnotationThatIsThereAlreadyIsObeyedAtOnce() {
        annotate(print(OTHER));
        story.decide();
        assertThat(identity().hostKeys()).containsExactly(PINNED);
        assertRuns(story.ends(refused(OTHER, true)), Step.Preflight);
        assertThat(identity().hostKeys()).containsExactly(OTHER);
    }

    @Test
    void theSameAnnotationAcceptsOnce() {
        story.upTo(Step.Preflight);
        story.ends(refused(OTHER, true));
        annotate(print(OTHER));
        story.decide();
        story.status = status(new Identity(
                "m",
                "boot-3",
                "dmi-1",
                List.of(INSTALLED),
                List.of(INSTALLED),
                List.of(),
                null,
                print(OTHER),
                List.of()));
        story.upTo(Step.Preflight);
        assertHolds(story.ends(refused(OTHER, true)));
        assertThat(identity().hostKeys()).containsExactly(INSTALLED);
        annotate(null);
        assertHolds(story.decide());
        annotate(print(OTHER));
        assertRuns(story.decide(), Step.Preflight);
        assertThat(identity().hostKeys()).containsExactly(OTHER);
    }

    @Test
    void whereTheSpecSaysWhichKeysAreGoodNoAnnotationHelps() {
        story.upTo(Step.Preflight);
        assertHolds(story.ends(refused(OTHER, false)));
        annotate(print(OTHER));
        assertHolds(story.decide());
        assertThat(identity().hostKeys()).containsExactly(PINNED);
    }

    @Test
    void aKeyThatIsNoLongerRefusedCannotBeAccepted() {
        story.upTo(Step.Preflight);
        story.ends(refused(OTHER, true));
        story.requests = new Requests(null, "now", null);
        story.decide();
        story.ends(new Done(Seen.of(Story.FOREIGN).withHostKey(PINNED)));
        annotate(print(OTHER));
        story.decide();
        assertThat(identity().hostKeys()).containsExactly(PINNED);
        assertThat(identity().presented()).isNull();
    }

    @Test
    void anotherMachineStaysAnotherMachine() {
        story.upTo(Step.Gate);
        story.ends(refused(OTHER, true));
        annotate(print(OTHER));
        story.decide();
        Situation swapped =
                new Situation(Situation.Running.FOREIGN_LINUX, "b", "m", "dmi-2", null, null, false, null, null);
        assertThat(story.ends(new Done(Seen.of(swapped).withHostKey(OTHER))))
                .isInstanceOfSatisfying(
                        Hold.class, hold -> assertThat(hold.reason()).isEqualTo(Reason.IdentityMismatch));
    }

    @ParameterizedTest
    @CsvSource({
        "Install, ssh-ed25519 CCCC", // the installer's key changed; what will be installed is known all the same
        "Reboot,  ssh-ed25519 CCCC",
        "Verify,  ssh-ed25519 BBBB" // the installed system's own, from other paths than those that were read
    })
    void whatIsAcceptedAfterTheRebootIsTheInstalledSystemsKey(Step at, String proven) {
        story.upTo(Step.Files);
        story.ends(new Done(new Seen(Story.INSTALLER, null, PINNED, List.of(INSTALLED), null)));
        story.upTo(at);
        story.ends(refused(OTHER, true));
        annotate(print(OTHER));
        story.decide();
        story.upTo(Step.Verify);
        story.sees(Story.installedSystem(story.operation().id(), Story.ID, null));
        assertThat(identity().hostKeys()).containsExactly(proven);
    }

    @Test
    void nothingIsAcceptedWhileSuspended() {
        story.upTo(Step.Copy);
        story.ends(refused(OTHER, true));
        annotate(print(OTHER));
        story.spec = story.spec.withSuspend(true);
        assertThat(story.decide()).isInstanceOf(Stop.class);
        assertThat(identity().hostKeys()).containsExactly(PINNED);
        story.spec = story.spec.withSuspend(false);
        assertRuns(story.decide(), Step.Copy);
    }
}
