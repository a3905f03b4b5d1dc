package dev.nixosoperator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Build;
import dev.nixosoperator.api.v1alpha1.Condition;
import dev.nixosoperator.api.v1alpha1.Connection;
import dev.nixosoperator.api.v1alpha1.Facts;
import dev.nixosoperator.api.v1alpha1.Failure;
import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.GoDuration;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.LocalRef;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.SystemSource;
import dev.nixosoperator.api.v1alpha1.SystemState;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.lifecycle.Decision;
import dev.nixosoperator.lifecycle.Decision.Settled;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.MachineView;
import dev.nixosoperator.lifecycle.MachineView.Inputs;
import dev.nixosoperator.lifecycle.Memory;
import dev.nixosoperator.lifecycle.StepOutcome.Progress;
import dev.nixosoperator.work.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StatusReportTest {
    private static final Instant NOW = Instant.parse("2026-11-21T14:00:00Z");
    private static final String TOPLEVEL = "/nix/store/0c0vrxfwnpwbkfvbxf3a10zvn1qs3hbm-web-1-25.11";
    private static final String OTHER = "/nix/store/1c0vrxfwnpwbkfvbxf3a10zvn1qs3hbm-web-1-25.05";
    private static final SystemSource PATH = new SystemSource(new SystemSource.StorePath(TOPLEVEL, null), null);
    private static final long GENERATION = 7;
    private static final Inputs RESOLVED = new Inputs.Resolved("layout", "work", "all");

    /** A row of the table in the design: what is decided, and what people and tools see of it. */
    record Row(
            String situation,
            Decision decision,
            NixosMachineStatus before,
            boolean suspended,
            String ready,
            @Nullable String reconciling,
            @Nullable String stalled,
            Kstatus kstatus,
            String phase,
            boolean observed) {
        @Override
        public String toString() {
            return situation;
        }
    }

    static Stream<Row> table() {
        NixosMachineStatus none = NixosMachineStatus.EMPTY;
        NixosMachineStatus ready = StatusReport.of(
                view(none, false), new Decision.Idle(settled(null, TOPLEVEL), Settled.READY, NOW), Standing.SILENT);
        NixosMachineStatus stalled = StatusReport.of(
                view(none, false),
                new Decision.Hold(working(null), Reason.DiskNotFound, "no disk", null),
                Standing.SILENT);
        NixosMachineStatus busy = StatusReport.of(view(none, false), new Decision.Run(working(null)), Standing.SILENT);
        Failure failure = failure(Reason.CopyFailed, NOW.plusSeconds(180));
        Failure silent = failure(Reason.ConnectTimeout, NOW.plusSeconds(180));
        return Stream.of(
                row(
                        "works",
                        new Decision.Run(working(null)),
                        none,
                        "Unknown/Copy",
                        "Progressing",
                        null,
                        Kstatus.IN_PROGRESS,
                        "Copy",
                        false),
                row(
                        "works after a failure",
                        new Decision.Run(working(failure)),
                        none,
                        "False/CopyFailed",
                        "ProgressingWithRetry",
                        null,
                        Kstatus.IN_PROGRESS,
                        "Copy",
                        false),
                row(
                        "will retry",
                        new Decision.Wait(working(failure), NOW.plusSeconds(180)),
                        none,
                        "False/CopyFailed",
                        "ProgressingWithRetry",
                        null,
                        Kstatus.IN_PROGRESS,
                        "Copy",
                        false),
                row(
                        "waits for approval",
                        new Decision.Hold(planned(), Reason.AwaitingApproval, "plan abc waits for approval", null),
                        none,
                        "False/AwaitingApproval",
                        null,
                        "AwaitingApproval",
                        Kstatus.FAILED,
                        "AwaitingApproval",
                        true),
                row(
                        "needs a person",
                        new Decision.Hold(working(null), Reason.HostKeyMismatch, "other key", null),
                        busy,
                        "False/HostKeyMismatch",
                        null,
                        "HostKeyMismatch",
                        Kstatus.FAILED,
                        "Failed",
                        true),
                row(
                        "gave up",
                        new Decision.Hold(working(null), Reason.RetriesExhausted, "gave up", null),
                        busy,
                        "False/RetriesExhausted",
                        null,
                        "RetriesExhausted",
                        Kstatus.FAILED,
                        "Failed",
                        true),
                row(
                        "installed",
                        new Decision.Idle(settled(null, TOPLEVEL), Settled.READY, NOW),
                        busy,
                        "True/Succeeded",
                        null,
                        null,
                        Kstatus.CURRENT,
                        "Ready",
                        true),
                row(
                        "looks at one for the first time",
                        new Decision.Look(observed(List.of(), null), Settled.LOOKING),
                        none,
                        "Unknown/Observe",
                        "Progressing",
                        null,
                        Kstatus.IN_PROGRESS,
                        "Connecting",
                        false),
                row(
                        "did not see one yet",
                        new Decision.Wait(observed(List.of(), silent), NOW.plusSeconds(180)),
                        none,
                        "False/ConnectTimeout",
                        "ProgressingWithRetry",
                        null,
                        Kstatus.IN_PROGRESS,
                        "Connecting",
                        false),
                row(
                        "looks again at one that it did not see yet",
                        new Decision.Look(observed(List.of(), silent), Settled.LOOKING),
                        none,
                        "False/ConnectTimeout",
                        "ProgressingWithRetry",
                        null,
                        Kstatus.IN_PROGRESS,
                        "Connecting",
                        false),
                row(
                        "only observed",
                        new Decision.Idle(observed(REFUSED, null), Settled.OBSERVED, NOW),
                        none,
                        "True/Observed",
                        null,
                        null,
                        Kstatus.CURRENT,
                        "Ready",
                        true),
                row(
                        "an installed one that is only observed",
                        new Decision.Look(settled(null, OTHER), Settled.OBSERVED),
                        ready,
                        "True/Observed",
                        null,
                        null,
                        Kstatus.CURRENT,
                        "Ready",
                        true),
                row(
                        "no NixOS to update",
                        new Decision.Hold(observed(List.of(), null), Reason.NotInstalled, "Debian", null),
                        none,
                        "False/NotInstalled",
                        null,
                        "NotInstalled",
                        Kstatus.FAILED,
                        "Failed",
                        true),
                row(
                        "the policy changed after the format",
                        new Decision.Hold(working(null), Reason.PolicyChanged, "set it back", null),
                        busy,
                        "False/PolicyChanged",
                        null,
                        "PolicyChanged",
                        Kstatus.FAILED,
                        "Failed",
                        true),
                row(
                        "looks at a settled one",
                        new Decision.Look(settled(null, TOPLEVEL), Settled.READY),
                        ready,
                        "True/Succeeded",
                        null,
                        null,
                        Kstatus.CURRENT,
                        "Ready",
                        true),
                row(
                        "unreachable for a moment",
                        new Decision.Idle(settled(silent, TOPLEVEL), Settled.READY, NOW),
                        ready,
                        "True/Succeeded",
                        null,
                        null,
                        Kstatus.CURRENT,
                        "Ready",
                        true),
                row(
                        "unreachable",
                        new Decision.Idle(settled(silent, TOPLEVEL), Settled.UNREACHABLE, NOW),
                        ready,
                        "False/Unreachable",
                        "ProgressingWithRetry",
                        null,
                        Kstatus.IN_PROGRESS,
                        "Connecting",
                        false),
                row(
                        "looks at an unreachable one",
                        new Decision.Look(settled(silent, TOPLEVEL), Settled.UNREACHABLE),
                        ready,
                        "False/Unreachable",
                        "ProgressingWithRetry",
                        null,
                        Kstatus.IN_PROGRESS,
                        "Connecting",
                        false),
                row(
                        "another system in the spec",
                        new Decision.Idle(settled(null, OTHER), Settled.READY, NOW),
                        ready,
                        "True/Succeeded",
                        null,
                        null,
                        Kstatus.CURRENT,
                        "Ready",
                        true),
                row(
                        "asked phases done",
                        new Decision.Idle(settled(null, TOPLEVEL), Settled.PHASES_DONE, NOW),
                        busy,
                        "True/PhasesDone",
                        null,
                        null,
                        Kstatus.CURRENT,
                        "Ready",
                        true),
                new Row(
                        "suspended when ready",
                        new Decision.Stop(settled(null, TOPLEVEL)),
                        ready,
                        true,
                        "True/Succeeded",
                        null,
                        null,
                        Kstatus.CURRENT,
                        "Suspended",
                        true),
                new Row(
                        "suspended when stalled",
                        new Decision.Stop(working(null)),
                        stalled,
                        true,
                        "False/DiskNotFound",
                        null,
                        "DiskNotFound",
                        Kstatus.FAILED,
                        "Suspended",
                        true),
                new Row(
                        "suspended at work",
                        new Decision.Stop(working(null)),
                        busy,
                        true,
                        "Unknown/Copy",
                        null,
                        null,
                        Kstatus.IN_PROGRESS,
                        "Suspended",
                        false));
    }

    private static Row row(
            String situation,
            Decision decision,
            NixosMachineStatus before,
            String ready,
            @Nullable String reconciling,
            @Nullable String stalled,
            Kstatus kstatus,
            String phase,
            boolean observed) {
        return new Row(situation, decision, before, false, ready, reconciling, stalled, kstatus, phase, observed);
    }

    @ParameterizedTest
    @MethodSource("table")
    void saysWhatTheTableSays(Row row) {
        NixosMachineStatus status =
                StatusReport.of(view(row.before(), row.suspended()), row.decision(), Standing.SILENT);
        Condition ready = condition(status, "Ready");
        assertThat(ready.status() + "/" + ready.reason()).isEqualTo(row.ready());
        assertThat(reason(status, "Reconciling")).isEqualTo(row.reconciling());
        assertThat(reason(status, "Stalled")).isEqualTo(row.stalled());
        assertThat(reason(status, "Paused") != null).isEqualTo(row.suspended());
        assertThat(Kstatus.of(GENERATION, status)).isEqualTo(row.kstatus());
        assertThat(status.phase()).isEqualTo(row.phase());
        if (row.observed()) {
            assertThat(status.observedGeneration()).isEqualTo(GENERATION);
        }
        assertThat(status.conditions()).extracting(Condition::type).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("table")
    void sameAgainIsTheSameStatus(Row row) {
        NixosMachineStatus once = StatusReport.of(view(row.before(), row.suspended()), row.decision(), Standing.SILENT);
        MachineView later = view(once, row.suspended(), NOW.plus(Duration.ofHours(1)));
        NixosMachineStatus twice = StatusReport.of(later, with(row.decision(), Memory.of(once)), Standing.SILENT);
        assertThat(twice).isEqualTo(once);
    }

    private static Decision with(Decision decision, Memory memory) {
        return switch (decision) {
            case Decision.Run run -> new Decision.Run(memory);
            case Decision.Look look -> new Decision.Look(memory, look.settled());
            case Decision.Wait wait -> new Decision.Wait(memory, wait.until());
            case Decision.Hold hold -> new Decision.Hold(memory, hold.reason(), hold.message(), null);
            case Decision.Idle idle -> new Decision.Idle(memory, idle.settled(), idle.until());
            case Decision.Stop stop -> new Decision.Stop(memory);
        };
    }

    @Test
    void messagesSayWhatHappensNext() {
        Failure failure = failure(Reason.CopyFailed, NOW.plusSeconds(180));
        assertThat(ready(new Decision.Wait(working(failure), NOW.plusSeconds(180)))
                        .message())
                .isEqualTo("the cache answered 503; retry 2 of 5 at 14:03Z");
        assertThat(ready(new Decision.Hold(planned(), Reason.AwaitingApproval, "plan abc waits for approval", null))
                        .message())
                .isEqualTo("plan abc waits for approval; approve with: kubectl annotate nixosmachine web-1 -n prod"
                        + " nixos-operator.dev/approve-plan=abc --overwrite");
        assertThat(ready(new Decision.Hold(working(null), Reason.RetriesExhausted, "gave up", null))
                        .message())
                .contains("nixos-operator.dev/reconcile-requested-at=");
        assertThat(ready(new Decision.Run(working(null))).message()).startsWith("Copy, step ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true  |        | accept it with: kubectl annotate nixosmachine web-1 -n prod nixos-operator.dev/accept-host-key=SHA256:b --overwrite",
                "true  | SHA256:a | accept it with: kubectl annotate nixosmachine web-1 -n prod nixos-operator.dev/accept-host-key=SHA256:b --overwrite",
                "true  | SHA256:b | with: kubectl annotate nixosmachine web-1 -n prod nixos-operator.dev/accept-host-key-",
                "false |        | correct its hostKeys, if this one is"
            })
    void aRefusedHostKeySaysHowItIsAccepted(boolean acceptable, @Nullable String accepted, String end) {
        Identity identity = new Identity(
                null,
                null,
                null,
                List.of("ssh-ed25519 A"),
                List.of(),
                List.of("SHA256:a"),
                new Identity.Presented("ssh-ed25519 B", "SHA256:b", acceptable),
                accepted,
                List.of());
        Memory memory = new Memory(
                null,
                identity,
                operation(Step.Copy),
                null,
                null,
                null,
                null,
                List.of(),
                Timestamp.of(NOW),
                null,
                List.of());
        assertThat(ready(new Decision.Hold(memory, Reason.HostKeyMismatch, "another key", null))
                        .message())
                .startsWith("another key; ")
                .endsWith(end);
    }

    @Test
    void aTransitionIsTimedAndAStayIsNot() {
        NixosMachineStatus busy = StatusReport.of(
                view(NixosMachineStatus.EMPTY, false), new Decision.Run(working(null)), Standing.SILENT);
        Instant later = NOW.plusSeconds(600);
        NixosMachineStatus done = StatusReport.of(
                view(busy, false, later),
                new Decision.Idle(settled(null, TOPLEVEL), Settled.READY, later),
                Standing.SILENT);
        assertThat(condition(done, "Ready").lastTransitionTime()).isEqualTo(Timestamp.of(later));
        assertThat(condition(done, "ResolvedRefs").lastTransitionTime()).isEqualTo(Timestamp.of(NOW));
    }

    @Test
    void progressIsWrittenAtMostEvery15Seconds() {
        Operation first = operation(StatusReport.of(
                view(NixosMachineStatus.EMPTY, false),
                new Decision.Run(working(null)),
                new Standing.Works(new Progress(Step.Copy, 10, 1L, "a"))));
        assertThat(first.progress()).endsWith(" 10%");
        assertThat(first.lastProgressAt()).isEqualTo(Timestamp.of(NOW));
        Progress more = new Progress(Step.Copy, 63, 2L, "b");
        assertThat(at(NOW.plusSeconds(14), first, more)).isEqualTo(first);
        assertThat(at(NOW.plusSeconds(15), first, more).progress()).endsWith(" 63%");
        assertThat(at(NOW.plusSeconds(15), first, more).message()).isEqualTo("b");
        assertThat(at(NOW.plusSeconds(60), first, new Progress(Step.Copy, 10, 1L, "a")))
                .isEqualTo(first);
        assertThat(at(NOW.plusSeconds(60), first, new Progress(Step.Gate, 99, 1L, "stale")))
                .isEqualTo(first);
    }

    @Test
    void oneThatWaitsForItsTurnIsQueuedAndSaysItsPlace() {
        NixosMachineStatus waits = queued(view(NixosMachineStatus.EMPTY, false), working(null), new Place(3, 17));
        assertThat(waits.phase()).isEqualTo("Queued");
        assertThat(condition(waits, "Ready").status() + "/"
                        + condition(waits, "Ready").reason())
                .isEqualTo("Unknown/Queued");
        assertThat(condition(waits, "Ready").message()).contains("Copy, step ", ": waits for its turn: 3rd of 17");
        assertThat(reason(waits, "Reconciling")).isEqualTo("Progressing");
        assertThat(Kstatus.of(GENERATION, waits)).isEqualTo(Kstatus.IN_PROGRESS);

        Memory stored = Memory.of(waits);
        NixosMachineStatus works =
                StatusReport.of(view(waits, false, NOW.plusSeconds(1)), new Decision.Run(stored), Standing.SILENT);
        assertThat(works.phase()).isEqualTo("Copy");
        assertThat(condition(works, "Ready").reason()).isEqualTo("Copy");
        assertThat(condition(works, "Ready").message()).doesNotContain("turn");
        Progress said = new Progress(Step.Copy, 10, 1L, "a");
        assertThat(operation(StatusReport.of(
                                view(waits, false, NOW.plusSeconds(1)),
                                new Decision.Run(stored),
                                new Standing.Works(said)))
                        .message())
                .isEqualTo("a");
    }

    @Test
    void aRetryThatWaitsForItsTurnStillSaysWhatFailed() {
        NixosMachineStatus waits = queued(
                view(NixosMachineStatus.EMPTY, false), working(failure(Reason.CopyFailed, NOW)), new Place(1, 1));
        assertThat(waits.phase()).isEqualTo("Queued");
        assertThat(condition(waits, "Ready").reason()).isEqualTo("CopyFailed");
        assertThat(condition(waits, "Ready").message())
                .startsWith("the cache answered 503; now: Copy, ")
                .endsWith("waits for its turn: 1st of 1");
    }

    @Test
    void aQueueThatMovesOnIsWrittenAtMostEveryMinuteAndOnlyWhereItMatters() {
        NixosMachineStatus first = queued(view(NixosMachineStatus.EMPTY, false), working(null), new Place(687, 936));
        assertThat(operation(first).message()).isEqualTo("waits for its turn: about 700th of 1000");
        assertThat(after(60, first, new Place(650, 960))).isEqualTo(first);
        assertThat(after(59, first, new Place(42, 300))).isEqualTo(first);
        assertThat(operation(after(60, first, new Place(42, 300))).message())
                .isEqualTo("waits for its turn: about 50th of 300");
        assertThat(operation(after(60, first, new Place(2, 12))).message()).isEqualTo("waits for its turn: 2nd of 12");
    }

    private static NixosMachineStatus after(int seconds, NixosMachineStatus stored, Place place) {
        return queued(view(stored, false, NOW.plusSeconds(seconds)), Memory.of(stored), place);
    }

    private static NixosMachineStatus queued(MachineView view, Memory memory, Place place) {
        return StatusReport.of(view, new Decision.Run(memory), new Standing.Queued(place));
    }

    private static Operation at(Instant now, Operation stored, Progress progress) {
        Memory memory = memory(stored, null, null, null, null);
        return operation(StatusReport.of(
                view(NixosMachineStatus.EMPTY, false, now), new Decision.Run(memory), new Standing.Works(progress)));
    }

    private static Operation operation(NixosMachineStatus status) {
        Operation operation = status.operation();
        if (operation == null) {
            throw new AssertionError("no operation");
        }
        return operation;
    }

    @Test
    void unresolvedReferencesAndAnOldSystemAreConditionsOfTheirOwn() {
        MachineView view = new MachineView(
                NOW,
                ID,
                GENERATION,
                spec(false, PATH),
                NO_REQUESTS,
                new Inputs.Unresolved(Reason.SecretNotFound, "no Secret ssh"),
                NixosMachineStatus.EMPTY,
                null,
                false,
                null,
                false,
                null,
                false,
                "op");
        NixosMachineStatus status = StatusReport.of(
                view,
                new Decision.Hold(Memory.of(NixosMachineStatus.EMPTY), Reason.SecretNotFound, "no Secret ssh", null),
                Standing.SILENT);
        assertThat(reason(status, "ResolvedRefs")).isEqualTo("SecretNotFound");
        NixosMachineStatus old = StatusReport.of(
                view(NixosMachineStatus.EMPTY, false),
                new Decision.Idle(settled(null, OTHER), Settled.READY, NOW),
                Standing.SILENT);
        assertThat(condition(old, "UpToDate").status()).isEqualTo("False");
        assertThat(condition(old, "Ready").status()).isEqualTo("True");
        assertThat(reason(old, "LayoutInSync")).isEqualTo("InSync");
    }

    @Test
    void disksThatAreNotAsTheLayoutSaysAreToldAndTheMachineIsReady() {
        NixosMachineStatus drifted = StatusReport.of(
                view(NixosMachineStatus.EMPTY, false),
                new Decision.Idle(
                        settled(null, TOPLEVEL, List.of("spec.devices.disk.a: is gone", "spec.devices.disk.b: too")),
                        Settled.READY,
                        NOW),
                Standing.SILENT);
        assertThat(condition(drifted, "Ready").status()).isEqualTo("True");
        assertThat(reason(drifted, "LayoutInSync")).isEqualTo("Drifted");
        assertThat(condition(drifted, "LayoutInSync").message())
                .isEqualTo("the disks are not as the layout says."
                        + " spec.devices.disk.a: is gone; spec.devices.disk.b: too");
    }

    private static final MachineId ID = new MachineId("uid", "prod", "web-1");
    private static final MachineView.Requests NO_REQUESTS = MachineView.Requests.NONE;

    private static MachineView view(NixosMachineStatus before, boolean suspended) {
        return view(before, suspended, NOW);
    }

    private static MachineView view(NixosMachineStatus before, boolean suspended, Instant now) {
        return view(before, spec(suspended, PATH), now);
    }

    private static MachineView view(NixosMachineStatus before, NixosMachineSpec spec, Instant now) {
        return new MachineView(
                now, ID, GENERATION, spec, NO_REQUESTS, RESOLVED, before, null, false, null, false, null, false, "op");
    }

    @SuppressWarnings("NullAway") // what the records make of absent fields
    private static NixosMachineSpec spec(boolean suspended, SystemSource system) {
        Connection connection = new Connection(
                "192.0.2.5", 22, "root", new LocalRef("ssh"), null, null, null, null, null, null, null, null);
        return new NixosMachineSpec(
                suspended,
                null,
                GoDuration.of("10m"),
                connection,
                new LocalRef("disk"),
                List.of(),
                system,
                new Build(Build.Place.Auto),
                null,
                null,
                null);
    }

    private static Memory working(@Nullable Failure failure) {
        return memory(operation(Step.Copy), null, null, null, failure);
    }

    private static final List<PreflightFinding> REFUSED = List.of(
            PreflightFinding.passed("Root", "commands run as root"),
            PreflightFinding.failed("Memory", Reason.InsufficientMemory, "the machine has 512 MiB"),
            PreflightFinding.warning("Board", "a Raspberry Pi"));

    private static Memory observed(List<PreflightFinding> report, @Nullable Failure failure) {
        Facts facts = new Facts("Debian 12", null, null, null, null, null, null, List.of());
        return new Memory(facts, null, null, null, null, null, failure, report, Timestamp.of(NOW), null, List.of());
    }

    @Test
    void whatIsOnlyObservedSaysWhatStandsInTheWayAndIsReadyAllTheSame() {
        Condition ready = ready(new Decision.Idle(observed(REFUSED, null), Settled.OBSERVED, NOW));
        assertThat(ready.message())
                .contains("nothing is changed", "Debian 12")
                .contains("would be refused: Memory: the machine has 512 MiB", "warnings: Board: a Raspberry Pi")
                .doesNotContain("commands run as root");
    }

    @Test
    void aLookIsTriedForEverAndDoesNotCountItsTries() {
        Failure silent = new Failure(
                Reason.Kind.Transient, Reason.ConnectTimeout, Step.Observe, "no answer", 9, Timestamp.of(NOW), "all");
        assertThat(ready(new Decision.Wait(observed(List.of(), silent), NOW)).message())
                .isEqualTo("no answer; tried again at 14:00Z");
    }

    @Test
    void aMachineIsUpToDateWithTheFlakeItWasBuiltFrom() {
        assertThat(upToDate("web-1", TOPLEVEL).status()).isEqualTo(Condition.TRUE);
        assertThat(upToDate("web-1", OTHER)).satisfies(outdated -> {
            assertThat(outdated.reason()).isEqualTo("Outdated");
            assertThat(outdated.message()).contains(OTHER, TOPLEVEL);
        });
        assertThat(upToDate("web-2", TOPLEVEL)).satisfies(outdated -> {
            assertThat(outdated.reason()).isEqualTo("Outdated");
            assertThat(outdated.message()).contains("web-2 of the flake github:org/infra");
        });
    }

    /** Of a machine whose {@link #TOPLEVEL} was built from {@code web-1}. */
    private static Condition upToDate(String attribute, String current) {
        FlakeSource source = new FlakeSource("github:org/infra", "web-1", "github:org/infra/1", "1");
        InstallRecord install = new InstallRecord(
                "op", Timestamp.of(NOW), "layout", "abc", null, TOPLEVEL, source, List.of(), false, 600L, List.of());
        Memory memory = memory(null, null, install, new SystemState(null, current, current, "web-1", "1"), null);
        SystemSource flake = new SystemSource(null, new SystemSource.Flake("github:org/infra", attribute));
        NixosMachineStatus status = StatusReport.of(
                view(NixosMachineStatus.EMPTY, spec(false, flake), NOW),
                new Decision.Idle(memory, Settled.READY, NOW),
                Standing.SILENT);
        return Objects.requireNonNull(Conditions.find(status.conditions(), Types.UP_TO_DATE));
    }

    private static Memory planned() {
        MachinePlan plan = new MachinePlan(
                "abc", "op", 0, false, false, false, MachinePlan.ApprovalNeed.ByPolicy, List.of(), List.of());
        return memory(operation(Step.Plan), plan, null, null, null);
    }

    private static Memory settled(@Nullable Failure failure, String current) {
        return settled(failure, current, List.of());
    }

    private static Memory settled(@Nullable Failure failure, String current, List<String> drift) {
        InstallRecord install = new InstallRecord(
                "op", Timestamp.of(NOW), "layout", "abc", null, current, null, List.of(), false, 600L, drift);
        return memory(null, null, install, new SystemState(TOPLEVEL, current, current, "web-1-25.11", null), failure);
    }

    private static Memory memory(
            @Nullable Operation operation,
            @Nullable MachinePlan plan,
            @Nullable InstallRecord install,
            @Nullable SystemState system,
            @Nullable Failure failure) {
        return new Memory(
                null, null, operation, plan, install, system, failure, List.of(), Timestamp.of(NOW), null, List.of());
    }

    private static Operation operation(Step step) {
        Timestamp now = Timestamp.of(NOW);
        return new Operation(
                "op",
                Operation.Kind.Install,
                step,
                null,
                null,
                null,
                null,
                1,
                "work",
                TOPLEVEL,
                null,
                now,
                now,
                now,
                null,
                Timestamp.of(now.instant().plus(Duration.ofMinutes(40))),
                null,
                null);
    }

    private static Failure failure(Reason reason, Instant next) {
        return new Failure(
                Reason.Kind.Transient, reason, Step.Copy, "the cache answered 503", 2, Timestamp.of(next), "all");
    }

    private static Condition ready(Decision decision) {
        return condition(StatusReport.of(view(NixosMachineStatus.EMPTY, false), decision, Standing.SILENT), "Ready");
    }

    private static Condition condition(NixosMachineStatus status, String type) {
        Condition condition = Conditions.find(status.conditions(), type);
        if (condition == null) {
            throw new AssertionError("no condition " + type);
        }
        return condition;
    }

    private static @Nullable String reason(NixosMachineStatus status, String type) {
        Condition condition = Conditions.find(status.conditions(), type);
        return condition == null ? null : condition.reason();
    }
}
