package dev.nixosoperator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Install.Phase;
import dev.nixosoperator.api.v1alpha1.Install.WipePolicy;
import dev.nixosoperator.api.v1alpha1.MachinePlan.ApprovalNeed;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Decision.Hold;
import dev.nixosoperator.lifecycle.Decision.Idle;
import dev.nixosoperator.lifecycle.Decision.Look;
import dev.nixosoperator.lifecycle.Decision.Run;
import dev.nixosoperator.lifecycle.Decision.Settled;
import dev.nixosoperator.lifecycle.Decision.Stop;
import dev.nixosoperator.lifecycle.Decision.Wait;
import dev.nixosoperator.lifecycle.MachineView.Inputs;
import dev.nixosoperator.lifecycle.MachineView.Requests;
import dev.nixosoperator.lifecycle.StepOutcome.Elsewhere;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifecycleTest {
    private static final MachineId OTHER = new MachineId("uid-2", "default", "db-1");
    private final Story story = new Story();

    private void assertRuns(Decision decision, Step step) {
        assertThat(decision).isInstanceOf(Run.class);
        assertThat(story.operation().step()).isEqualTo(step);
    }

    private static void assertHolds(Decision decision, Reason reason) {
        assertThat(decision).isInstanceOfSatisfying(Hold.class, hold -> assertThat(hold.reason())
                .isEqualTo(reason));
    }

    @Nested
    class Order {
        @Test
        void aMachineIsTakenFromTheFirstLookToTheProof() {
            List<Step> steps = new ArrayList<>();
            story.decide();
            while (story.status.operation() != null) {
                Step step = story.operation().step();
                steps.add(step);
                switch (step) {
                    case Preflight -> story.sees(Story.FOREIGN);
                    case Plan -> story.plans(ApprovalNeed.None);
                    case Verify ->
                        story.sees(Story.installedSystem(story.operation().id(), Story.ID, null));
                    default -> story.sees(Story.INSTALLER);
                }
            }
            assertThat(steps)
                    .containsExactly(
                            Step.Preflight,
                            Step.Plan,
                            Step.Kexec,
                            Step.Gate,
                            Step.Disks,
                            Step.Copy,
                            Step.Files,
                            Step.Install,
                            Step.Reboot,
                            Step.Verify);
            assertThat(story.decide()).isInstanceOfAny(Idle.class, Look.class);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "Kexec                      | Preflight Kexec",
                    "Kexec,Disks                | Preflight Plan Kexec Gate Disks",
                    "Disks,Install,Reboot       | Preflight Plan Gate Disks Copy Files Install Reboot Verify",
                    "Install                    | Preflight Copy Files Install",
                    "Kexec,Disks,Install,Reboot | Preflight Plan Kexec Gate Disks Copy Files Install Reboot Verify"
                })
        void phasesLeaveStepsOut(String phases, String steps) {
            Phase[] asked =
                    List.of(phases.split(",")).stream().map(Phase::valueOf).toArray(Phase[]::new);
            Course course = Course.of(Specs.STANDARD.withPhases(asked).build());
            assertThat(course.steps()).extracting(Step::name).containsExactly(steps.split(" "));
        }

        @Test
        void askedPhasesDoneMeansSettledInTheInstaller() {
            story.spec = story.spec.withPhases(Phase.Kexec);
            story.upTo(Step.Kexec);
            story.sees(Story.INSTALLER);
            assertThat(story.decide()).isInstanceOfSatisfying(Idle.class, idle -> assertThat(idle.settled())
                    .isEqualTo(Settled.PHASES_DONE));
        }

        /** {@code mode: Always} leaves the boot that was found, and no other. */
        @Test
        void theBootOfTheFirstLookIsKeptWhateverIsSeenLater() {
            story.decide();
            story.sees(Story.FOREIGN);
            assertThat(story.operation().foundIn()).isEqualTo(Story.FOREIGN.bootId());
            story.ends(new StepOutcome.Elsewhere(Seen.of(Story.FOREIGN)));
            story.upTo(Step.Preflight);
            story.sees(Story.INSTALLER);
            assertThat(story.operation().foundIn()).isEqualTo(Story.FOREIGN.bootId());
        }

        @Test
        void withoutKexecTheMachineMustBeAnInstallerAlready() {
            story.spec = story.spec.withPhases(Phase.Disks, Phase.Install, Phase.Reboot);
            story.decide();
            assertThat(story.sees(Story.FOREIGN)).isInstanceOf(Wait.class);
            assertThat(Objects.requireNonNull(story.status.failure()).reason()).isEqualTo(Reason.KexecNotEntered);
        }
    }

    /** What nothing but a person with a medium can do is not tried until the whole installation is too late. */
    @Nested
    class NoInstaller {
        private void assertGivesUpAfterTheRetries(Situation seen) {
            int tries = 0;
            Decision decision = story.sees(seen);
            while (decision instanceof Wait wait) {
                tries++;
                assertThat(Objects.requireNonNull(story.status.failure()).reason())
                        .isEqualTo(Reason.KexecNotEntered);
                story.now = wait.until();
                story.decide();
                decision = story.sees(seen);
            }
            assertThat(tries).isEqualTo(story.spec.build().install().retries());
            assertHolds(decision, Reason.RetriesExhausted);
        }

        @ParameterizedTest
        @CsvSource({"Disks", "Install", "'Disks,Install,Reboot'"})
        void isTriedAsOftenAsTheSpecSays(String phases) {
            story.spec = story.spec.withPhases(
                    List.of(phases.split(",")).stream().map(Phase::valueOf).toArray(Phase[]::new));
            story.decide();
            assertGivesUpAfterTheRetries(Story.FOREIGN);
        }

        @Test
        void isTriedAsOftenForWorkThatAnotherStatusBegan() {
            story.spec = story.spec.withPhases(Phase.Disks, Phase.Install, Phase.Reboot);
            story.decide();
            assertGivesUpAfterTheRetries(new Situation(
                    Situation.Running.FOREIGN_LINUX,
                    "boot-1",
                    "m",
                    "dmi-1",
                    null,
                    Story.marker("op-before", Story.ID, null, Marker.State.FORMAT_DONE),
                    false,
                    null,
                    null));
        }

        @Test
        void isTriedAsOftenWhereTheMachineFellBackAfterTheFormat() {
            story.spec = story.spec.withPhases(Phase.Disks, Phase.Install, Phase.Reboot);
            story.decide();
            story.sees(Story.INSTALLER);
            story.plans(ApprovalNeed.None);
            story.sees(Story.INSTALLER);
            story.sees(Story.INSTALLER);
            assertThat(story.operation().step()).isEqualTo(Step.Copy);
            int tries = 0;
            Decision decision = story.ends(new Elsewhere(Seen.of(Story.FOREIGN)));
            while (decision instanceof Wait wait) {
                tries++;
                story.now = wait.until();
                story.decide();
                decision = story.ends(new Elsewhere(Seen.of(Story.FOREIGN)));
            }
            assertThat(tries).isEqualTo(story.spec.build().install().retries());
        }

        @Test
        void goesOnOnceSomebodyBootedIt() {
            story.spec = story.spec.withPhases(Phase.Disks, Phase.Install, Phase.Reboot);
            story.decide();
            story.now = ((Wait) story.sees(Story.FOREIGN)).until();
            story.decide();
            assertRuns(story.sees(Story.INSTALLER), Step.Plan);
            assertThat(story.status.failure()).isNull();
        }
    }

    @Nested
    class PreflightReport {
        private final List<PreflightFinding> report = List.of(
                PreflightFinding.passed("Memory", "enough"), PreflightFinding.warning("Board", "a Raspberry Pi"));

        @Test
        void isKeptUntilTheMachineIsInstalled() {
            story.decide();
            story.ends(new StepOutcome.Done(Seen.of(Story.FOREIGN).withPreflight(report)));
            assertThat(story.status.preflight()).isEqualTo(report);
            story.upTo(Step.Verify);
            assertThat(story.status.preflight()).isEqualTo(report);
            story.sees(Story.installedSystem(story.operation().id(), Story.ID, null));
            assertThat(story.status.preflight()).isEmpty();
        }

        @Test
        void isKeptWithARefusal() {
            story.decide();
            List<PreflightFinding> refused =
                    List.of(PreflightFinding.failed("Memory", Reason.InsufficientMemory, "too little"));
            Seen seen = Seen.of(Story.FOREIGN).withPreflight(refused);
            assertHolds(
                    story.ends(new Failed(Reason.InsufficientMemory, "too little", List.of(), seen)),
                    Reason.InsufficientMemory);
            assertThat(story.status.preflight()).isEqualTo(refused);
        }

        @Test
        void itsWarningsAreReadWithThePlan() {
            story.decide();
            story.ends(new StepOutcome.Done(Seen.of(Story.FOREIGN).withPreflight(report)));
            story.plans(ApprovalNeed.ByPolicy);
            assertThat(story.plan().warnings()).containsExactly("a Raspberry Pi");
        }
    }

    @Nested
    class Approval {
        @Test
        void aPlanThatDestroysSomethingWaitsForAPerson() {
            story.upTo(Step.Plan);
            assertHolds(story.plans(ApprovalNeed.ByPolicy), Reason.AwaitingApproval);
            story.requests = new Requests("another-hash", null, null);
            assertHolds(story.decide(), Reason.AwaitingApproval);
            story.approve();
            assertRuns(story.decide(), Step.Kexec);
        }

        @Test
        void theSpecMayNameThePlanToo() {
            story.upTo(Step.Plan);
            story.plans(ApprovalNeed.ByPolicy);
            story.spec = story.spec.withApprovedPlan(story.plan().hash());
            assertRuns(story.decide(), Step.Kexec);
        }

        @ParameterizedTest
        @CsvSource({
            "None,     RequireApproval, true",
            "None,     Allow,           true",
            "ByPolicy, RequireApproval, false",
            "ByPolicy, Allow,           true",
            "Always,   RequireApproval, false",
            "Always,   Allow,           false"
        })
        void whoMustApprove(ApprovalNeed need, WipePolicy policy, boolean goesOn) {
            story.spec = story.spec.withWipePolicy(policy);
            story.upTo(Step.Plan);
            assertThat(story.plans(need) instanceof Run).isEqualTo(goesOn);
        }

        @Test
        void theIntentIsStoredBeforeTheDisksStepMayRun() {
            story.upTo(Step.Gate);
            assertThat(story.operation().intent()).isNull();
            assertRuns(story.sees(Story.INSTALLER), Step.Disks);
            assertThat(Objects.requireNonNull(story.operation().intent()).planHash())
                    .isEqualTo(story.plan().hash());
            assertThat(Objects.requireNonNull(story.operation().intent()).bootId())
                    .isEqualTo(Story.INSTALLER.bootId());
        }

        @Test
        void anApprovalTakenBackBeforeTheFormatCounts() {
            story.upTo(Step.Gate);
            story.requests = Requests.NONE;
            assertHolds(story.sees(Story.INSTALLER), Reason.AwaitingApproval);
            assertThat(story.operation().intent()).isNull();
        }

        @Test
        void anApprovalTakenBackWhileTheFormatWasOnlyQueuedCounts() {
            story.upTo(Step.Disks);
            story.spec = story.spec.withSuspend(true);
            assertThat(story.ends(new StepOutcome.Cancelled(false))).isInstanceOf(Stop.class);
            Requests approval = story.requests;
            story.requests = Requests.NONE;
            story.spec = story.spec.withSuspend(false);
            assertRuns(story.decide(), Step.Disks);
            assertThat(PlanHash.approved(story.plan(), "disks")).isNull();
            story.requests = approval;
            story.decide();
            assertThat(PlanHash.approved(story.plan(), "disks"))
                    .isEqualTo(story.plan().hash());
        }

        @Test
        void aFormatThatWasRefusedUntouchedIsPlannedAndApprovedAnew() {
            story.upTo(Step.Disks);
            String first = story.plan().hash();
            story.ends(new StepOutcome.Elsewhere(Seen.of(Story.INSTALLER)));
            assertThat(story.operation())
                    .satisfies(operation -> assertThat(operation.step()).isEqualTo(Step.Plan))
                    .satisfies(operation -> assertThat(operation.intent()).isNull());
            assertHolds(story.plans(ApprovalNeed.ByPolicy), Reason.AwaitingApproval);
            assertThat(story.plan().hash()).isNotEqualTo(first);
        }

        @Test
        void aPlanThatChangedIsMadeAndApprovedAnew() {
            story.upTo(Step.Gate);
            assertRuns(story.fails(Reason.PlanChanged), Step.Plan);
            story.ends(new StepOutcome.Done(new Seen(
                    Story.INSTALLER,
                    null,
                    null,
                    List.of(),
                    new StepOutcome.PlanDraft("other disks", ApprovalNeed.ByPolicy, List.of(), List.of()))));
            assertHolds(story.decide(), Reason.AwaitingApproval);
        }
    }

    @Nested
    class Interrupted {
        @ParameterizedTest
        @CsvSource({"FormatInterrupted", "FormatFailed"})
        void onlyAPersonMayFormatAgain(Reason reason) {
            story.spec = story.spec.withWipePolicy(WipePolicy.Allow);
            story.upTo(Step.Disks);
            String first = story.operation().id();
            String spent = story.plan().hash();
            assertRuns(story.fails(reason), Step.Plan);
            assertThat(story.operation().id()).isNotEqualTo(first);
            assertThat(story.operation().intent()).isNull();
            assertHolds(story.plans(ApprovalNeed.None), Reason.FormatInterrupted);
            assertThat(story.plan().hash())
                    .as("the spent approval fits no more")
                    .isNotEqualTo(spent);
            story.approve();
            assertRuns(story.decide(), Step.Kexec);
        }

        @Test
        void aMachineBackInTheInstallerGoesOnWithItsDisks() {
            story.upTo(Step.Copy);
            Situation reset =
                    new Situation(Situation.Running.INSTALLER, "boot-9", "m", "dmi-1", null, null, false, null, null);
            story.ends(new Elsewhere(Seen.of(reset)));
            story.passes(Duration.ofMinutes(1));
            assertRuns(story.decide(), Step.Disks);
            assertThat(story.operation().intent()).isNotNull();
        }

        @Test
        void aMachineBackInItsOldSystemAfterTheFormatIsTakenToTheInstallerAndOnlyMounted() {
            story.upTo(Step.Copy);
            story.ends(new Elsewhere(Seen.of(Story.FOREIGN)));
            story.passes(Duration.ofMinutes(1));
            assertRuns(story.decide(), Step.Kexec);
            assertRuns(story.sees(Story.INSTALLER), Step.Disks);
        }
    }

    @Nested
    class EmptyStatus {
        @Test
        void anInstalledMachineIsAdopted() {
            story.spec = story.spec.withWipePolicy(WipePolicy.Allow);
            story.decide();
            story.sees(Story.installedSystem("op-before", new MachineId("uid-old", "default", "web-1"), null));
            assertThat(story.status.operation()).isNull();
            assertThat(Objects.requireNonNull(story.status.install()).adopted()).isTrue();
            assertThat(story.decide()).isInstanceOfAny(Idle.class, Look.class);
        }

        @Test
        void oneWhoseObjectIsGoneIsAdopted() {
            story.otherOwnerLives = false;
            story.decide();
            story.sees(Story.installedSystem("op-before", OTHER, null));
            assertThat(Objects.requireNonNull(story.status.install()).adopted()).isTrue();
        }

        @Test
        void oneOfAnotherLiveObjectIsNotTouched() {
            story.decide();
            assertHolds(story.sees(Story.installedSystem("op-before", OTHER, null)), Reason.MachineClaimed);
        }

        @Test
        void aNixosWithoutMarkerIsForAPersonToDecide() {
            story.decide();
            Situation nixos = new Situation(
                    Situation.Running.NIXOS, "b", "m", "dmi-1", null, null, false, Specs.SYSTEM_B, Specs.SYSTEM_B);
            assertHolds(story.sees(nixos), Reason.UnknownGeneration);
        }

        @Test
        void workUnderWayIsTakenOver() {
            assertTakesOverWorkUnderWay();
        }

        private void assertTakesOverWorkUnderWay() {
            story.decide();
            Situation working =
                    Story.installerWith(Story.marker("op-before", Story.ID, null, Marker.State.FORMAT_STARTED));
            assertRuns(story.sees(working), Step.Disks);
            assertThat(story.operation().id()).isEqualTo("op-before");
        }

        @Test
        void workForAnotherLayoutGoesOnWhenThatIsBack() {
            story.inputs = new Inputs.Resolved("layout-9", "work-9", "all-9");
            story.decide();
            Situation working =
                    Story.installerWith(Story.marker("op-before", Story.ID, null, Marker.State.FORMAT_STARTED));
            assertHolds(story.sees(working), Reason.PlanChanged);
            story.inputs = new Inputs.Resolved("layout-8", "work-8", "all-8");
            assertHolds(story.decide(), Reason.PlanChanged);
            story.inputs = new Inputs.Resolved("layout-1", "work-1", "all-1");
            assertRuns(story.decide(), Step.Disks);
            assertThat(story.operation().id()).isEqualTo("op-before");
            story.inputs = new Inputs.Resolved("layout-9", "work-9", "all-9");
            assertHolds(story.decide(), Reason.PlanChanged);
        }

        @Test
        void anAdoptedMachineIsReinstalledOnlyByAPerson() {
            story.spec = story.spec.withWipePolicy(WipePolicy.Allow);
            story.decide();
            story.sees(Story.installedSystem("op-before", Story.ID, "token-1"));
            story.spec = story.spec.withToken("token-2");
            story.decide();
            story.sees(Story.installedSystem("op-before", Story.ID, "token-1"));
            assertHolds(story.plans(ApprovalNeed.ByPolicy), Reason.AwaitingApproval);
        }

        @Test
        void anOlderStatusDoesNotReinstallWhatTheMachineSaysIsDone() {
            story.installed();
            story.spec = story.spec.withToken("token-2").withWipePolicy(WipePolicy.Allow);
            story.decide();
            assertThat(story.operation().step()).isEqualTo(Step.Preflight);
            story.sees(Story.installedSystem("op-later", Story.ID, "token-2"));
            assertThat(story.status.operation()).isNull();
            assertThat(Objects.requireNonNull(story.status.install()).reinstallToken())
                    .isEqualTo("token-2");
        }

        @Test
        void workThatAnOlderStatusKnowsNothingOfIsTakenOver() {
            story.upTo(Step.Gate);
            NixosMachineStatus older = story.status;
            story.status = new NixosMachineStatus(
                    null,
                    null,
                    null,
                    null,
                    List.of(),
                    null,
                    null,
                    null,
                    older.plan(),
                    null,
                    null,
                    null,
                    List.of(),
                    List.of());
            assertTakesOverWorkUnderWay();
        }

        @Test
        void theMarkerOfThisOperationWinsOverAStatusThatKnowsOfNoIntent() {
            story.upTo(Step.Gate);
            Situation begun =
                    Story.installerWith(Story.marker(story.operation().id(), Story.ID, null, Marker.State.FORMAT_DONE));
            assertRuns(story.ends(new Failed(Reason.PlanChanged, "changed", List.of(), Seen.of(begun))), Step.Disks);
            assertThat(story.operation().intent()).isNotNull();
        }
    }

    @Nested
    class Identity {
        @Test
        void anotherMachineAtTheAddressIsNotTouched() {
            story.upTo(Step.Gate);
            Situation swapped =
                    new Situation(Situation.Running.INSTALLER, "b", "m", "dmi-2", null, null, false, null, null);
            assertHolds(story.sees(swapped), Reason.IdentityMismatch);
        }

        @Test
        void theFirstHostKeyIsPinnedAndNeverReplaced() {
            story.decide();
            story.ends(new StepOutcome.Done(Seen.of(Story.FOREIGN).withHostKey("ssh-ed25519 AAAA")));
            story.plans(ApprovalNeed.None);
            story.ends(new StepOutcome.Done(Seen.of(Story.INSTALLER).withHostKey("ssh-ed25519 BBBB")));
            assertThat(Objects.requireNonNull(story.status.identity()).hostKeys())
                    .containsExactly("ssh-ed25519 AAAA");
        }

        @Test
        void afterTheProofOnlyTheKeysOfTheInstalledSystemAreGood() {
            story.upTo(Step.Files);
            story.ends(new StepOutcome.Done(new Seen(Story.INSTALLER, null, null, List.of("ssh-ed25519 CCCC"), null)));
            story.sees(Story.INSTALLER);
            story.sees(Story.INSTALLER);
            story.sees(Story.installedSystem(story.operation().id(), Story.ID, null));
            assertThat(Objects.requireNonNull(story.status.identity()).hostKeys())
                    .containsExactly("ssh-ed25519 CCCC");
        }

        @Test
        void aMachineThatAnOlderObjectHoldsIsLeftToIt() {
            story.claimedBy = "default/older";
            assertHolds(story.decide(), Reason.MachineClaimed);
        }
    }

    @Nested
    class Failures {
        @Test
        void passingOnesAreTriedAgainWithGrowingPausesAndThenGivenUp() {
            story.decide();
            List<Duration> pauses = new ArrayList<>();
            Decision decision = story.fails(Reason.ConnectTimeout);
            while (decision instanceof Wait wait) {
                pauses.add(Duration.between(story.now, wait.until()));
                story.now = wait.until();
                assertRuns(story.decide(), Step.Preflight);
                decision = story.fails(Reason.ConnectTimeout);
            }
            assertThat(pauses).hasSize(5).isSorted();
            assertThat(pauses.getFirst()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(7));
            assertHolds(decision, Reason.RetriesExhausted);
        }

        @Test
        void lastingOnesWaitForAChangeNotForTime() {
            story.decide();
            assertHolds(story.fails(Reason.AuthenticationFailed), Reason.AuthenticationFailed);
            story.passes(Duration.ofDays(1));
            assertHolds(story.decide(), Reason.AuthenticationFailed);
            story.inputs = new Inputs.Resolved("layout-1", "work-1", "all-2");
            assertRuns(story.decide(), Step.Preflight);
        }

        @Test
        void aRequestIsANewTryToo() {
            story.decide();
            story.fails(Reason.InsufficientMemory);
            story.requests = new Requests(null, "now", null);
            assertRuns(story.decide(), Step.Preflight);
        }

        @Test
        void aNewTryHasANewNumberSoThatAnOldOutcomeIsStale() {
            story.decide();
            int first = story.operation().attempt();
            Wait wait = (Wait) story.fails(Reason.ConnectTimeout);
            story.now = wait.until();
            story.decide();
            assertThat(story.operation().attempt()).isGreaterThan(first);
            NixosMachineStatus before = story.status;
            story.decide(new MachineView.Ended(
                    new Attempt(story.operation().id(), Step.Preflight, first),
                    new StepOutcome.Done(Seen.of(Story.FOREIGN))));
            assertThat(story.status).isEqualTo(before);
        }

        @Test
        void theWholeInstallationHasADeadline() {
            story.upTo(Step.Copy);
            story.passes(Duration.ofHours(3));
            assertHolds(story.decide(), Reason.RetriesExhausted);
        }

        @Test
        void waitingForAPersonDoesNotCount() {
            story.upTo(Step.Plan);
            story.plans(ApprovalNeed.ByPolicy);
            story.passes(Duration.ofDays(30));
            story.approve();
            assertRuns(story.decide(), Step.Kexec);
        }

        @Test
        void missingReferencesHoldButLetRunningWorkEnd() {
            story.upTo(Step.Copy);
            story.inputs = new Inputs.Unresolved(Reason.SecretNotFound, "no such Secret");
            story.running = true;
            assertRuns(story.decide(), Step.Copy);
            story.running = false;
            assertHolds(story.decide(), Reason.SecretNotFound);
        }
    }

    @Nested
    class Edits {
        @Test
        void aNewLayoutBeforeTheFormatBeginsAnew() {
            story.upTo(Step.Gate);
            String first = story.operation().id();
            story.inputs = new Inputs.Resolved("layout-2", "work-2", "all-2");
            assertRuns(story.decide(), Step.Preflight);
            assertThat(story.operation().id()).isNotEqualTo(first);
        }

        @Test
        void aNewLayoutAfterTheFormatHolds() {
            story.upTo(Step.Copy);
            story.inputs = new Inputs.Resolved("layout-2", "work-2", "all-2");
            assertHolds(story.decide(), Reason.PlanChanged);
        }

        @Test
        void aNewSystemAfterTheFormatIsCopied() {
            story.upTo(Step.Install);
            story.spec = story.spec.withToplevel(Specs.SYSTEM_B);
            assertRuns(story.decide(), Step.Copy);
            assertThat(story.operation().toplevel()).isEqualTo(Specs.SYSTEM_B);
        }

        @Test
        void suspendStopsAndGoesOnWhereItWas() {
            story.upTo(Step.Copy);
            story.spec = story.spec.withSuspend(true);
            assertThat(story.decide()).isInstanceOf(Stop.class);
            story.spec = story.spec.withSuspend(false);
            assertRuns(story.decide(), Step.Copy);
        }

        @Test
        void nothingIsPromisedWhileSuspended() {
            story.upTo(Step.Gate);
            story.spec = story.spec.withSuspend(true);
            assertThat(story.sees(Story.INSTALLER)).isInstanceOf(Stop.class);
            assertThat(story.operation().intent()).isNull();
            story.requests = Requests.NONE;
            story.spec = story.spec.withSuspend(false);
            assertRuns(story.decide(), Step.Gate);
            assertHolds(story.sees(Story.INSTALLER), Reason.AwaitingApproval);
        }

        @Test
        void aLayoutEditedWhileTheGateWasLookedAtBeginsAnew() {
            story.upTo(Step.Gate);
            story.inputs = new Inputs.Resolved("layout-2", "work-2", "all-2");
            assertRuns(story.sees(Story.INSTALLER), Step.Preflight);
            assertThat(story.operation().intent()).isNull();
        }

        @Test
        void aFormatCancelledBeforeItBeganIsApprovedAnew() {
            story.upTo(Step.Disks);
            story.requests = Requests.NONE;
            assertHolds(story.ends(new StepOutcome.Cancelled(true)), Reason.AwaitingApproval);
            assertThat(story.operation().intent()).isNull();
            story.approve();
            assertRuns(story.decide(), Step.Kexec);
        }

        @Test
        void aTryCancelledBeforeItLookedKeepsThePromiseOfAnEarlierOne() {
            story.upTo(Step.Disks);
            assertRuns(story.ends(new StepOutcome.Cancelled(false)), Step.Disks);
            assertThat(story.operation().intent()).isNotNull();
            assertThat(story.plan().begun()).isTrue();
        }

        @Test
        void deletionStops() {
            story.upTo(Step.Copy);
            story.deleting = true;
            assertThat(story.decide()).isInstanceOf(Stop.class);
        }
    }

    @Nested
    class SettledMachine {
        @Test
        void aLookRemembersHowTheDisksDifferFromTheLayout() {
            story.installed();
            String id = Objects.requireNonNull(story.status.install()).id();
            Seen seen = Seen.of(Story.installedSystem(id, Story.ID, null));
            story.looks(new StepOutcome.Done(seen.withDrift(List.of("spec.devices: differs"))));
            assertThat(Objects.requireNonNull(story.status.install()).drift()).containsExactly("spec.devices: differs");
            story.looks(new StepOutcome.Done(seen));
            assertThat(Objects.requireNonNull(story.status.install()).drift())
                    .as("not looked at")
                    .containsExactly("spec.devices: differs");
            story.looks(new StepOutcome.Done(seen.withDrift(List.of())));
            assertThat(Objects.requireNonNull(story.status.install()).drift()).isEmpty();
        }

        @Test
        void isLookedAtEveryIntervalAndNothingNewChangesNothing() {
            story.installed();
            assertThat(story.decide()).isInstanceOf(Idle.class);
            story.passes(Duration.ofMinutes(10));
            assertThat(story.decide()).isInstanceOf(Look.class);
            NixosMachineStatus before = story.status;
            String id = Objects.requireNonNull(story.status.install()).id();
            story.looks(new StepOutcome.Done(Seen.of(Story.installedSystem(id, Story.ID, null))));
            assertThat(story.status).isEqualTo(before);
        }

        @Test
        void aNewSystemInTheSpecIsNotInstalledByAReinstallation() {
            story.installed();
            story.spec = story.spec.withToplevel(Specs.SYSTEM_B);
            assertThat(story.decide()).isInstanceOf(Idle.class);
        }

        @Test
        void aNewTokenInstallsAgainUnderTheRulesOfThePlan() {
            story.installed();
            story.spec = story.spec.withToken("again");
            assertRuns(story.decide(), Step.Preflight);
            story.sees(Story.installedSystem("op-1", Story.ID, null));
            assertHolds(story.plans(ApprovalNeed.ByPolicy), Reason.AwaitingApproval);
        }

        @Test
        void oneThatIsSilentForLongerThanTheGraceTimeIsUnreachable() {
            story.installed();
            Failed silent = Failed.of(Reason.ConnectTimeout, "no answer");
            assertThat(story.looks(silent)).isInstanceOfSatisfying(Idle.class, idle -> assertThat(idle.settled())
                    .isEqualTo(Settled.READY));
            story.passes(Lifecycle.GRACE.plusSeconds(1));
            assertThat(story.looks(silent)).isInstanceOfSatisfying(Idle.class, idle -> assertThat(idle.settled())
                    .isEqualTo(Settled.UNREACHABLE));
            String id = Objects.requireNonNull(story.status.install()).id();
            story.looks(new StepOutcome.Done(Seen.of(Story.installedSystem(id, Story.ID, null))));
            assertThat(story.status.failure()).isNull();
        }

        @Test
        void whatCannotBeAddedToItsDisksDoesNotMakeItSilent() {
            story.installed();
            String id = Objects.requireNonNull(story.status.install()).id();
            Seen seen = Seen.of(Story.installedSystem(id, Story.ID, null));
            story.looks(new Failed(Reason.AdditionFailed, "no room", List.of(), seen));
            story.passes(Lifecycle.GRACE.plusSeconds(1));
            assertThat(story.decide()).isInstanceOfSatisfying(Look.class, look -> assertThat(look.settled())
                    .isEqualTo(Settled.READY));
        }

        /** Else the next look would take it for the one that is known. */
        @Test
        void ofAnotherMachineNothingIsRemembered() {
            story.installed();
            Situation own = Story.installedSystem(
                    Objects.requireNonNull(story.status.install()).id(), Story.ID, null);
            story.looks(new StepOutcome.Done(Seen.of(own)));
            Situation other = new Situation(
                    own.running(), own.bootId(), "m-2", "dmi-2", null, own.diskMarker(), false, null, null);
            assertHolds(
                    story.looks(new Failed(Reason.AdditionFailed, "no room", List.of(), Seen.of(other))),
                    Reason.IdentityMismatch);
            assertThat(Objects.requireNonNull(story.status.identity()).dmiUuid())
                    .isEqualTo(own.dmiUuid());
        }

        @Test
        void oneThatRunsSomethingElseIsLeftToAPerson() {
            story.installed();
            assertHolds(story.looks(new StepOutcome.Done(Seen.of(Story.INSTALLER))), Reason.BootVerificationFailed);
        }

        @Test
        void oneWhoseMarkerNamesAnotherLiveObjectIsLeftToIt() {
            story.installed();
            assertHolds(
                    story.looks(new StepOutcome.Done(Seen.of(Story.installedSystem("x", OTHER, null)))),
                    Reason.MachineClaimed);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 5, 7", "2, 10, 13", "5, 80, 100", "30, 480, 600"})
    void pausesGrowUpToTenMinutesWithJitter(int failures, long least, long most) {
        assertThat(Backoff.pause(failures, "uid-1")).isBetween(Duration.ofSeconds(least), Duration.ofSeconds(most));
    }

    @Test
    void machinesThatFailedTogetherDoNotComeBackTogether() {
        List<Duration> pauses = IntStream.range(0, 200)
                .mapToObj(n -> Backoff.pause(
                        4, UUID.nameUUIDFromBytes(new byte[] {(byte) n}).toString()))
                .sorted()
                .toList();
        assertThat(pauses.getLast().minus(pauses.getFirst())).isGreaterThan(Duration.ofSeconds(8));
        assertThat(pauses.stream().distinct().count()).isGreaterThan(150);
    }

    @Test
    void timesAreWholeSecondsSoThatEqualStatesLookEqual() {
        assertThat(dev.nixosoperator.api.v1alpha1.Timestamp.of(Instant.parse("2026-01-01T00:00:00.987Z"))
                        .text())
                .isEqualTo("2026-01-01T00:00:00Z");
    }
}
