package dev.nixosoperator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.api.v1alpha1.Install.WipePolicy;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.MachinePlan.ApprovalNeed;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec.ManagementPolicy;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Decision.Hold;
import dev.nixosoperator.lifecycle.Decision.Idle;
import dev.nixosoperator.lifecycle.Decision.Look;
import dev.nixosoperator.lifecycle.Decision.Settled;
import dev.nixosoperator.lifecycle.Decision.Wait;
import dev.nixosoperator.lifecycle.MachineView.Inputs;
import dev.nixosoperator.lifecycle.MachineView.Requests;
import dev.nixosoperator.lifecycle.StepOutcome.Done;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.PlanDraft;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Machines that the policy keeps the operator's hands off. */
class HandsOffTest {
    private static final MachineId OTHER = new MachineId("uid-2", "default", "db-1");
    private static final List<PreflightFinding> REPORT = List.of(PreflightFinding.passed("Memory", "enough"));
    private static final Situation NIXOS = new Situation(
            Situation.Running.NIXOS, "b", "m", "dmi-1", null, null, false, Specs.SYSTEM_B, Specs.SYSTEM_B);

    private final Story story = new Story();

    private static void assertHolds(Decision decision, Reason reason) {
        assertThat(decision).isInstanceOfSatisfying(Hold.class, hold -> assertThat(hold.reason())
                .isEqualTo(reason));
    }

    private void assertIdle(Decision decision, Settled how) {
        assertThat(decision).isInstanceOfSatisfying(Idle.class, idle -> assertThat(idle.settled())
                .isEqualTo(how));
        assertThat(story.status.operation()).isNull();
    }

    private void assertLooks(Decision decision, Settled how) {
        assertThat(decision).isInstanceOfSatisfying(Look.class, look -> assertThat(look.settled())
                .isEqualTo(how));
        assertThat(story.status.operation()).isNull();
    }

    private static Seen survey(Situation situation, List<PreflightFinding> report, String disks) {
        return Seen.of(situation)
                .withPreflight(report)
                .withDraft(new PlanDraft(disks, ApprovalNeed.ByPolicy, List.of(), List.of()));
    }

    private InstallRecord install() {
        return Objects.requireNonNull(story.status.install());
    }

    @Nested
    class ObserveOnly {
        @BeforeEach
        void observes() {
            story.spec = story.spec.withPolicy(ManagementPolicy.ObserveOnly);
        }

        private Decision surveys() {
            return story.looks(new Done(survey(Story.FOREIGN, REPORT, "disks")));
        }

        @Test
        void aMachineIsLookedAtAndAllThatWasSeenIsTold() {
            assertLooks(story.decide(), Settled.LOOKING);
            assertIdle(surveys(), Settled.OBSERVED);
            assertThat(story.status.preflight()).isEqualTo(REPORT);
            assertThat(story.plan().approved()).isFalse();
            assertThat(story.status.install()).isNull();
        }

        @Test
        void itIsLookedAtEveryIntervalAndNothingIsNewButTheTime() {
            story.decide();
            surveys();
            NixosMachineStatus before = story.status;
            story.passes(Duration.ofMinutes(10));
            assertLooks(story.decide(), Settled.OBSERVED);
            surveys();
            assertThat(story.status.seenAt(before.lastSeenTime())).isEqualTo(before);
        }

        @Test
        void whatChangedIsToldAndNotApprovedByAnything() {
            story.spec = story.spec.withWipePolicy(WipePolicy.Allow);
            story.decide();
            surveys();
            story.approve();
            assertIdle(story.decide(), Settled.OBSERVED);
            List<PreflightFinding> worse =
                    List.of(PreflightFinding.failed("Memory", Reason.InsufficientMemory, "too little"));
            String hash = story.plan().hash();
            assertIdle(story.looks(new Done(survey(Story.FOREIGN, worse, "other disks"))), Settled.OBSERVED);
            assertThat(story.status.preflight()).isEqualTo(worse);
            assertThat(story.plan().hash()).isNotEqualTo(hash);
            assertThat(story.plan().approved()).isFalse();
        }

        @Test
        void aPlanThatCannotBeMadeAnyMoreIsNoneButWhatWasBegunIsNotForgotten() {
            story.decide();
            surveys();
            story.looks(new Done(Seen.of(Story.FOREIGN).withPreflight(REPORT)));
            assertThat(story.status.plan()).isNull();
        }

        @Test
        void aMachineThatIsNoLinuxIsObservedAllTheSame() {
            story.decide();
            List<PreflightFinding> bsd =
                    List.of(PreflightFinding.failed("OperatingSystem", Reason.NotLinux, "FreeBSD"));
            assertIdle(
                    story.looks(new Failed(Reason.NotLinux, "FreeBSD", List.of(), Seen.NOTHING.withPreflight(bsd))),
                    Settled.OBSERVED);
            assertThat(story.status.preflight()).isEqualTo(bsd);
        }

        @Test
        void whoseMachineItIsIsAFinding() {
            story.decide();
            assertIdle(story.looks(new Done(survey(NIXOS, REPORT, "disks"))), Settled.OBSERVED);
            assertThat(story.status.preflight())
                    .extracting(PreflightFinding::reason)
                    .contains(Reason.UnknownGeneration);
            Situation claimed = Story.installedSystem("op-before", OTHER, null);
            assertIdle(story.looks(new Done(survey(claimed, REPORT, "disks"))), Settled.OBSERVED);
            assertThat(story.status.preflight())
                    .extracting(PreflightFinding::reason)
                    .contains(Reason.MachineClaimed);
        }

        @Test
        void aSilentMachineIsTriedForEver() {
            story.decide();
            for (int n = 0; n < 20; n++) {
                Decision decision = story.looks(Failed.of(Reason.ConnectTimeout, "no answer"));
                assertThat(decision).isInstanceOf(Wait.class);
                story.now = ((Wait) decision).until();
                assertLooks(story.decide(), Settled.LOOKING);
            }
            assertIdle(surveys(), Settled.OBSERVED);
            assertThat(story.status.failure()).isNull();
            story.looks(Failed.of(Reason.ConnectTimeout, "no answer"));
            story.passes(Lifecycle.GRACE.plusSeconds(1));
            assertIdle(story.looks(Failed.of(Reason.ConnectTimeout, "no answer")), Settled.UNREACHABLE);
        }

        @Test
        void whoIsNotLetInWaitsForAChange() {
            story.decide();
            assertHolds(story.looks(Failed.of(Reason.AuthenticationFailed, "no")), Reason.AuthenticationFailed);
            story.inputs = new Inputs.Resolved("layout-1", "work-1", "all-2");
            assertLooks(story.decide(), Settled.LOOKING);
        }

        @Test
        void anotherSpecIsNotAnsweredByAnOldReport() {
            story.decide();
            surveys();
            story.lastLook = null;
            assertLooks(story.decide(), Settled.LOOKING);
        }

        @Test
        void anInstalledMachineIsWatchedAsEverAndNotInstalledAgain() {
            story.spec = story.spec.withPolicy(ManagementPolicy.Managed);
            story.installed();
            story.spec = story.spec
                    .withPolicy(ManagementPolicy.ObserveOnly)
                    .withToken("again")
                    .withWipePolicy(WipePolicy.Allow);
            assertIdle(story.decide(), Settled.OBSERVED);
            assertHolds(story.looks(new Done(Seen.of(Story.INSTALLER))), Reason.BootVerificationFailed);
        }

        @Test
        void managedFromThenOnItIsInstalledUnderTheRulesOfThePlan() {
            story.decide();
            surveys();
            story.spec = story.spec.withPolicy(ManagementPolicy.Managed);
            story.upTo(Step.Plan);
            assertHolds(story.plans(ApprovalNeed.ByPolicy), Reason.AwaitingApproval);
        }

        @Test
        void aLookOfAPolicyBeforeSaysNothing() {
            story.decide();
            story.spec = story.spec.withPolicy(ManagementPolicy.Managed);
            assertThat(story.looks(new Done(survey(Story.FOREIGN, REPORT, "disks"))))
                    .isInstanceOf(Decision.Run.class);
            assertThat(story.operation().step()).isEqualTo(Step.Preflight);
            assertThat(story.status.preflight()).isEmpty();
        }
    }

    /** Whatever was going on, and whatever is approved. */
    @Nested
    class ChangedMeanwhile {
        @ParameterizedTest
        @EnumSource(
                value = Step.class,
                names = {"Preflight", "Plan", "Kexec", "Gate"})
        void anInstallationThatPromisedNothingToTheDisksIsGivenUp(Step step) {
            story.upTo(step);
            story.running = true;
            story.spec = story.spec.withPolicy(ManagementPolicy.ObserveOnly);
            assertLooks(story.decide(), Settled.LOOKING);
            assertThat(story.status.failure()).isNull();
        }

        @Test
        void nothingIsPromisedWhereTheGateWasPassedMeanwhile() {
            story.upTo(Step.Gate);
            story.spec = story.spec.withPolicy(ManagementPolicy.UpdateOnly);
            assertLooks(story.sees(Story.INSTALLER), Settled.LOOKING);
            assertThat(story.plan().begun()).isFalse();
        }

        @ParameterizedTest
        @EnumSource(
                value = Step.class,
                names = {"Disks", "Copy", "Install", "Reboot", "Verify"})
        void oneThatGaveTheDisksOverStopsAndGoesOnOnceItMay(Step step) {
            story.upTo(step);
            story.spec = story.spec.withPolicy(ManagementPolicy.ObserveOnly);
            assertHolds(story.decide(), Reason.PolicyChanged);
            assertThat(story.operation().step()).isEqualTo(step);
            story.spec = story.spec.withPolicy(ManagementPolicy.Managed);
            assertThat(story.decide()).isInstanceOf(Decision.Run.class);
            assertThat(story.operation().step()).isEqualTo(step);
        }

        @Test
        void aFormatThatWasBegunEndsAndIsRemembered() {
            story.upTo(Step.Disks);
            story.running = true;
            story.spec = story.spec.withPolicy(ManagementPolicy.ObserveOnly);
            assertHolds(story.decide(), Reason.PolicyChanged);
            story.running = false;
            assertHolds(story.sees(Story.INSTALLER), Reason.PolicyChanged);
            assertThat(story.operation().step()).isEqualTo(Step.Copy);
        }

        @Test
        void anInterruptedFormatIsNotForgottenByLooking() {
            story.spec = story.spec.withWipePolicy(WipePolicy.Allow);
            story.upTo(Step.Disks);
            String spent = story.plan().hash();
            story.fails(Reason.FormatInterrupted);
            story.spec = story.spec.withPolicy(ManagementPolicy.ObserveOnly);
            assertLooks(story.decide(), Settled.LOOKING);
            story.looks(new Done(survey(Story.INSTALLER, REPORT, "disks")));
            story.looks(new Done(Seen.of(Story.INSTALLER).withPreflight(REPORT)));
            story.looks(new Done(survey(Story.INSTALLER, REPORT, "disks")));
            assertThat(story.plan().interrupted()).isTrue();
            assertThat(story.plan().hash()).isNotEqualTo(spent);
            story.spec = story.spec.withPolicy(ManagementPolicy.Managed);
            story.decide();
            story.sees(Story.INSTALLER);
            assertHolds(story.plans(ApprovalNeed.None), Reason.FormatInterrupted);
        }

        @Test
        void workIsNotFinishedJustBecauseAReferenceIsMissing() {
            story.upTo(Step.Kexec);
            story.running = true;
            story.spec = story.spec.withPolicy(ManagementPolicy.ObserveOnly);
            story.inputs = new Inputs.Unresolved(Reason.SecretNotFound, "no such Secret");
            assertHolds(story.decide(), Reason.SecretNotFound);
        }
    }

    @Nested
    class UpdateOnly {
        @BeforeEach
        void updates() {
            story.spec = story.spec.withPolicy(ManagementPolicy.UpdateOnly).withWipePolicy(WipePolicy.Allow);
        }

        private Decision adopts(Situation situation) {
            assertLooks(story.decide(), Settled.LOOKING);
            return story.looks(new Done(Seen.of(situation)));
        }

        @Test
        void aNixosWithoutMarkerIsAdoptedAsItIs() {
            assertIdle(adopts(NIXOS), Settled.READY);
            assertThat(install().adopted()).isTrue();
            assertThat(install().toplevel()).isEqualTo(Specs.SYSTEM_B);
        }

        @Test
        void oneWithOurMarkerIsAdoptedAsTheMarkerSays() {
            assertIdle(adopts(Story.installedSystem("op-before", Story.ID, "token-1")), Settled.READY);
            assertThat(install().id()).isEqualTo("op-before");
            assertThat(install().reinstallToken()).isEqualTo("token-1");
            assertThat(install().layoutHash()).isEqualTo("layout-1");
        }

        @Test
        void oneOfAnotherLiveObjectIsNot() {
            assertHolds(adopts(Story.installedSystem("op-before", OTHER, null)), Reason.MachineClaimed);
            assertThat(story.status.install()).isNull();
        }

        @Test
        void whatIsNoNixosIsRefusedUntilSomethingChanges() {
            assertHolds(adopts(Story.FOREIGN), Reason.NotInstalled);
            story.passes(Duration.ofDays(1));
            assertHolds(story.decide(), Reason.NotInstalled);
            story.requests = new Requests(null, "now", null);
            assertLooks(story.decide(), Settled.LOOKING);
            assertHolds(story.looks(new Done(Seen.of(Story.INSTALLER))), Reason.NotInstalled);
            story.requests = new Requests(null, "and again", null);
            assertLooks(story.decide(), Settled.LOOKING);
            assertIdle(story.looks(new Done(Seen.of(NIXOS))), Settled.READY);
        }

        @Test
        void aRecordOfPhasesOnlyIsNoInstallation() {
            story.spec = Specs.STANDARD.withPhases(Install.Phase.Kexec);
            story.upTo(Step.Kexec);
            story.sees(Story.INSTALLER);
            story.spec = story.spec.withPolicy(ManagementPolicy.UpdateOnly);
            assertHolds(adopts(Story.INSTALLER), Reason.NotInstalled);
        }

        /** The one that was in the spec when it was adopted is no wish. */
        @Test
        void managedFromThenOnItIsWatchedAndNotInstalled() {
            story.spec = story.spec.withToken("token-1");
            adopts(NIXOS);
            story.spec = story.spec.withPolicy(ManagementPolicy.Managed);
            assertIdle(story.decide(), Settled.READY);
            story.passes(Duration.ofMinutes(10));
            assertLooks(story.decide(), Settled.READY);
            assertIdle(story.looks(new Done(Seen.of(NIXOS))), Settled.READY);
        }

        @Test
        void evenANewTokenLeadsNoNixosWithoutMarkerIntoKexec() {
            adopts(NIXOS);
            story.spec = story.spec.withPolicy(ManagementPolicy.Managed).withToken("again");
            story.decide();
            assertThat(story.operation().step()).isEqualTo(Step.Preflight);
            assertHolds(story.sees(NIXOS), Reason.UnknownGeneration);
        }

        @Test
        void andWhereAPersonBootsTheInstallerThePlanNeedsAPersonToo() {
            adopts(NIXOS);
            story.spec = story.spec.withPolicy(ManagementPolicy.Managed).withToken("again");
            story.decide();
            story.sees(Story.INSTALLER);
            assertHolds(story.plans(ApprovalNeed.None), Reason.AwaitingApproval);
        }

        @Test
        void aNewStatusUnderManagedStillNeedsAPerson() {
            adopts(NIXOS);
            story.status = NixosMachineStatus.EMPTY;
            story.spec = story.spec.withPolicy(ManagementPolicy.Managed);
            story.decide();
            assertHolds(story.sees(NIXOS), Reason.UnknownGeneration);
        }
    }
}
