package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.Install.WipePolicy;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec.ManagementPolicy;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.lifecycle.MachineView.Ended;
import dev.nixosoperator.lifecycle.MachineView.Inputs;
import dev.nixosoperator.lifecycle.MachineView.Requests;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One life of a machine, its object and its operator, made from a seed: the operator is killed, connections and status
 * writes are lost, the machine is reset, the status is deleted or an older one restored, the object is re-created and
 * edited. {@link #violations} says which promise was broken.
 */
final class History {
    private static final int EVENTS = 45;
    private static final int QUIET_EVENTS = 120;
    /** Longer than it takes until people approve again. */
    private static final int ENOUGH_REST = 12;

    private static final NixosMachineSpec STANDARD = Specs.STANDARD.build();

    private final SplittableRandom random;
    private final boolean tracing;
    private final Lifecycle lifecycle = new Lifecycle();
    private final SimulatedMachine machine;
    private final SimulatedSteps steps;
    private final List<String> trace = new ArrayList<>();
    final List<String> violations = new ArrayList<>();

    // The API server.
    private Specs spec = Specs.STANDARD;
    private Specs builtFrom = spec;
    private NixosMachineSpec built = STANDARD;
    private String layoutHash = "layout-0";
    private MachineId id = new MachineId("uid-0", "default", "web-1");
    private NixosMachineStatus status = NixosMachineStatus.EMPTY;
    private final List<NixosMachineStatus> backups = new ArrayList<>();
    private final boolean otherOwnerLives;
    private int created;
    private int edits;

    // The operator's memory, lost when it is killed.
    private @Nullable Try running;
    private @Nullable Ended ended;
    private @Nullable Instant lastLook;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private int operations;
    private @Nullable Decision last;

    // What was promised.
    private final Set<String> acknowledged = new HashSet<>();
    private final Set<String> locks = new HashSet<>();
    private final Map<String, Revision> revisions = new HashMap<>();
    private int changes;
    private int builds;
    private final Set<String> approvedByPerson = new HashSet<>();
    private final Set<String> usedApprovals = new HashSet<>();
    private final Set<String> usedByPolicy = new HashSet<>();
    private boolean formatUnfinished;
    private boolean statusLost;
    private int formats;

    /** @param changes that people had made when it was built */
    private record Revision(FlakeSource source, int changes) {}

    private record Try(Attempt attempt, NixosMachineStatus acknowledged, SimulatedSteps.Wanted wanted, Specs spec) {
        /** @param queued it never got its turn */
        @Nullable
        StepOutcome cancelled(SimulatedSteps steps, boolean queued) {
            Operation operation = acknowledged.operation();
            return queued || operation == null || attempt.equals(Attempt.LOOK)
                    ? new StepOutcome.Cancelled(false)
                    : steps.cancelled(wanted, operation, acknowledged);
        }
    }

    /** @param tracing whether {@link #trace()} is kept; costs more than the rest */
    History(long seed, boolean tracing) {
        this.tracing = tracing;
        random = new SplittableRandom(seed);
        machine = new SimulatedMachine(random);
        steps = new SimulatedSteps(machine, this::witness, buildWitness());
        machine.foreignLinuxElsewhere = random.nextInt(3) == 0;
        otherOwnerLives = random.nextInt(4) != 0;
        start();
    }

    private void start() {
        switch (random.nextInt(8)) {
            case 0 -> machine.content = 0;
            case 1 -> installedBy(new MachineId("uid-other", "default", "db-1"));
            case 2 -> installedBy(new MachineId("uid-before", "default", "web-1"));
            case 3 -> {
                machine.running = Situation.Running.NIXOS;
                spec = random.nextBoolean() ? spec : spec.withPolicy(anyPolicy());
            }
            case 4 -> machine.rescue();
            default -> spec = random.nextBoolean() ? spec : spec.withWipePolicy(WipePolicy.Allow);
        }
        spec = random.nextInt(3) == 0 ? spec.withFlake("web-1") : spec;
    }

    private ManagementPolicy anyPolicy() {
        List<ManagementPolicy> all = List.of(ManagementPolicy.values());
        return all.get(random.nextInt(all.size()));
    }

    private void installedBy(MachineId owner) {
        machine.content = 50;
        machine.diskMarker = new Marker(
                owner.uid(),
                owner.namespace(),
                owner.name(),
                "op-before",
                "hash-before",
                "layout-0",
                null,
                machine.dmi,
                Marker.State.INSTALLED,
                Specs.SYSTEM_A,
                null,
                "2025-01-01T00:00:00Z");
        machine.system = Specs.SYSTEM_A;
        machine.reset();
    }

    List<String> trace() {
        return trace;
    }

    int builds() {
        return builds;
    }

    int formats() {
        return formats;
    }

    Decision live() {
        for (int i = 0; i < EVENTS && violations.isEmpty(); i++) {
            event(random.nextInt(100));
        }
        int atRest = 0;
        for (int i = 0; i < QUIET_EVENTS && atRest < ENOUGH_REST && violations.isEmpty(); i++) {
            NixosMachineStatus before = status;
            quiet(i);
            atRest = before.equals(status) ? atRest + 1 : 0;
        }
        if (violations.isEmpty() && !isAtRest(Objects.requireNonNull(last))) {
            violate("never came to rest: " + last);
        }
        return Objects.requireNonNull(last);
    }

    private void note(Supplier<String> what) {
        if (tracing) {
            trace.add(what.get());
        }
    }

    private static boolean isAtRest(Decision decision) {
        return decision instanceof Decision.Idle
                || decision instanceof Decision.Hold
                || decision instanceof Decision.Look
                || decision instanceof Decision.Wait;
    }

    /** The world calms down, people approve what is asked of them, and the operator gets its time. */
    private void quiet(int i) {
        if (i == 0) {
            spec = spec.withSuspend(false);
        }
        if (i % 10 == 9) {
            approve();
        }
        machine.finishJob();
        work();
        now = now.plus(Duration.ofMinutes(i % 2));
        reconcile(Write.STORED);
    }

    private void event(int which) {
        now = now.plusSeconds(random.nextInt(30));
        if (which < 38) {
            reconcile(Write.STORED);
        } else if (which < 70) {
            work();
        } else {
            disturb(which);
        }
    }

    private void disturb(int which) {
        switch (which) {
            case 70, 71, 72, 73 -> kill();
            case 74, 75 -> reconcile(Write.ACKNOWLEDGEMENT_LOST);
            case 76, 77 -> reconcile(Write.LOST);
            case 78, 79, 80 -> loseConnection();
            case 81, 82, 83 -> reset();
            case 84, 85, 86 -> machine.finishJob();
            case 87 -> forget("status deleted", NixosMachineStatus.EMPTY);
            case 88 -> restore();
            case 89 -> recreate();
            case 90, 91, 92 -> approve();
            case 93 -> edit("approval taken back", () -> spec = spec.withApprovedPlan(null));
            case 94 -> edit("layout", () -> layoutHash = "layout-" + ++edits);
            case 95 -> edit("token", () -> spec = spec.withToken("token-" + ++edits));
            case 96 ->
                edit(
                        "policy",
                        () -> spec = spec.withWipePolicy(
                                random.nextBoolean() ? WipePolicy.Allow : WipePolicy.RequireApproval));
            case 97 ->
                edit(
                        "suspend or policy",
                        () -> spec = random.nextBoolean()
                                ? spec.withSuspend(!spec.suspend())
                                : spec.withPolicy(anyPolicy()));
            case 98 -> edit("system", () -> spec = anySystem());
            default -> edit("rescue", machine::rescue);
        }
    }

    private enum Write {
        STORED,
        ACKNOWLEDGEMENT_LOST,
        LOST
    }

    private void reconcile(Write write) {
        Decision decision = lifecycle.decide(view());
        last = decision;
        NixosMachineStatus next = Story.stored(decision.memory());
        if (write == Write.LOST) {
            return;
        }
        if (!next.equals(status)) {
            note(() -> "%s %s".formatted(decision.getClass().getSimpleName(), describe(next)));
            backups.add(status);
            status = next;
        }
        if (write == Write.ACKNOWLEDGEMENT_LOST) {
            return;
        }
        noteIntent();
        ended = null;
        act(decision);
    }

    private void act(Decision decision) {
        switch (decision) {
            case Decision.Run run -> begin(Attempt.of(Objects.requireNonNull(status.operation())));
            case Decision.Look look -> begin(Attempt.LOOK);
            case Decision.Hold hold -> cancel();
            case Decision.Stop stop -> cancel();
            case Decision.Wait wait -> now = now.isBefore(wait.until()) && random.nextBoolean() ? wait.until() : now;
            case Decision.Idle idle -> {}
        }
    }

    /** A try is told; what it began on the machine goes on there by itself. */
    private void cancel() {
        if (running != null && random.nextBoolean()) {
            StepOutcome outcome = running.cancelled(steps, random.nextBoolean());
            ended = outcome == null ? null : new Ended(running.attempt(), outcome);
        }
        running = null;
    }

    private void begin(Attempt attempt) {
        if (running == null || !running.attempt().equals(attempt)) {
            running = new Try(attempt, status, new SimulatedSteps.Wanted(id, layoutHash, spec.token()), spec);
        }
    }

    /** The running try gets on with its work. */
    private void work() {
        if (running == null) {
            return;
        }
        Try mine = running;
        check(
                mine.spec().policy() == ManagementPolicy.Managed
                        || mine.attempt().equals(Attempt.LOOK),
                "a step where the policy lets nothing but looks");
        Operation operation = mine.acknowledged().operation();
        StepOutcome outcome = operation == null || mine.attempt().equals(Attempt.LOOK)
                ? look(mine)
                : steps.advance(mine.wanted(), operation, mine.acknowledged());
        if (outcome != null) {
            note(() -> "  %s: %s".formatted(mine.attempt(), outcome.getClass().getSimpleName()));
            ended = new Ended(mine.attempt(), outcome);
            running = null;
            lastLook = mine.attempt().equals(Attempt.LOOK) ? now : lastLook;
        }
        noteProgress();
    }

    private StepOutcome look(Try mine) {
        boolean survey = mine.spec().policy() == ManagementPolicy.ObserveOnly;
        return machine.up
                ? new StepOutcome.Done(survey ? steps.survey(mine.wanted()) : StepOutcome.Seen.of(machine.situation()))
                : StepOutcome.Failed.of(Reason.ConnectTimeout, "no answer");
    }

    /** The effect of the step may be there; what it reports is lost. */
    private void loseConnection() {
        if (running != null) {
            Try mine = running;
            if (random.nextBoolean()) {
                work();
            }
            running = null;
            ended = new Ended(mine.attempt(), StepOutcome.Failed.of(Reason.ConnectionLost, "lost"));
            note(() -> "  connection lost in " + mine.attempt());
        }
    }

    private void kill() {
        running = null;
        ended = null;
        lastLook = null;
        note(() -> "operator killed");
    }

    private void reset() {
        machine.reset();
        note(() -> "machine reset: " + machine.running + (machine.up ? "" : " (down)"));
    }

    private void forget(String how, NixosMachineStatus by) {
        status = by;
        statusLost = true;
        note(() -> how);
    }

    private void restore() {
        if (!backups.isEmpty()) {
            forget("older status restored", backups.get(random.nextInt(backups.size())));
            noteIntent();
        }
    }

    private void recreate() {
        id = new MachineId("uid-" + ++created, id.namespace(), id.name());
        kill();
        forget("object re-created", NixosMachineStatus.EMPTY);
    }

    private void approve() {
        MachinePlan plan = status.plan();
        if (plan != null) {
            spec = spec.withApprovedPlan(plan.hash());
            approvedByPerson.add(plan.hash());
            note(() -> "person approves " + plan.hash());
        }
    }

    private Specs anySystem() {
        return switch (random.nextInt(3)) {
            case 0 -> spec.withToplevel(Specs.SYSTEM_B);
            case 1 -> spec.withFlake("web-1");
            default -> spec.withFlake("web-2");
        };
    }

    private void edit(String what, Runnable change) {
        changes++;
        change.run();
        note(() -> "edit " + what);
    }

    private MachineView view() {
        return new MachineView(
                now,
                id,
                1,
                built(),
                Requests.NONE,
                new Inputs.Resolved(layoutHash, layoutHash, layoutHash + edits),
                status,
                ended,
                running != null,
                lastLook,
                false,
                null,
                otherOwnerLives,
                "op-" + ++operations);
    }

    private NixosMachineSpec built() {
        if (!builtFrom.equals(spec)) {
            builtFrom = spec;
            built = spec.build();
        }
        return built;
    }

    private void noteIntent() {
        Operation operation = status.operation();
        if (operation != null && operation.intent() != null) {
            acknowledged.add(operation.id() + " " + operation.intent().planHash());
        }
        if (operation != null && operation.builtFrom() != null) {
            locks.add(operation.id() + " " + operation.builtFrom());
        }
    }

    private void noteProgress() {
        Marker there = machine.diskMarker;
        if (there != null && there.state() != Marker.State.FORMAT_STARTED) {
            formatUnfinished = false;
        }
    }

    /** Right before the first write of a format: every promise is checked here. */
    private void witness(Operation operation, NixosMachineStatus acknowledgedStatus) {
        formats++;
        String hash = Objects.requireNonNull(operation.intent()).planHash();
        note(() -> "FORMAT under " + operation.id() + " " + hash);
        check(acknowledged.contains(operation.id() + " " + hash), "the intent was not acknowledged");
        check(isApproved(acknowledgedStatus), "a format that nobody approved any more when its try began");
        check(machine.running == Situation.Running.INSTALLER, "format outside the installer");
        Marker there = machine.diskMarker;
        boolean person = approvedByPerson.contains(hash);
        InstallRecord record = acknowledgedStatus.install();
        check(person || record == null || !record.adopted(), "an adopted machine is formatted without a person");
        if (there != null) {
            check(there.names(id) || !otherOwnerLives, "a foreign marker is overwritten");
            if (there.state() == Marker.State.INSTALLED) {
                boolean asked = spec.token() != null && !spec.token().equals(there.reinstallToken());
                boolean adopted = acknowledgedStatus.install() != null
                        && acknowledgedStatus.install().adopted();
                check(person || (asked && !adopted), "an installed machine is formatted without being asked");
            }
        }
        if (person) {
            check(usedApprovals.add(hash), "a second format under one approval");
        } else {
            check(!formatUnfinished || statusLost, "an unfinished format is followed by one that nobody approved");
            check(
                    usedByPolicy.add(id.uid() + spec.token()) || statusLost,
                    "a second format that only the policy allowed");
        }
        formatUnfinished = true;
    }

    private SimulatedSteps.BuildWitness buildWitness() {
        return new SimulatedSteps.BuildWitness() {
            @Override
            public void beforeBuild(Operation operation, FlakeSource source) {
                builds++;
                note(() -> "BUILD under " + operation.id() + " " + source);
                check(locks.contains(operation.id() + " " + source), "a revision is built that was not acknowledged");
                Revision before =
                        revisions.put(operation.id() + " " + source.attribute(), new Revision(source, changes));
                check(
                        before == null || statusLost || before.source().equals(source) || before.changes() != changes,
                        "another revision is built though nobody changed anything");
            }

            @Override
            public void beforeInstall(Operation operation, @Nullable FlakeSource built) {
                boolean same = operation.builtFrom() == null
                        ? operation.toplevel() != null
                        : built != null
                                && operation.builtFrom().equals(built)
                                && SimulatedSteps.toplevel(built).equals(operation.toplevel());
                check(same, "what is installed is not what was built: " + operation + ", built " + built);
            }
        };
    }

    private boolean isApproved(NixosMachineStatus acknowledgedStatus) {
        MachinePlan plan = Objects.requireNonNull(acknowledgedStatus.plan());
        Specs asked = Objects.requireNonNull(running).spec();
        return plan.hash().equals(asked.approvedPlan())
                || plan.need() == MachinePlan.ApprovalNeed.None
                || (plan.need() == MachinePlan.ApprovalNeed.ByPolicy && asked.wipePolicy() == WipePolicy.Allow);
    }

    private void check(boolean kept, String otherwise) {
        if (!kept) {
            violate(otherwise);
        }
    }

    private void violate(String what) {
        violations.add(what);
        note(() -> "VIOLATION: " + what);
    }

    private String describe(NixosMachineStatus next) {
        Operation operation = next.operation();
        return (operation == null ? "-" : operation.id() + "/" + operation.step() + "#" + operation.attempt())
                + (next.failure() == null ? "" : " " + next.failure().reason())
                + (next.plan() == null ? "" : " plan " + next.plan());
    }
}
