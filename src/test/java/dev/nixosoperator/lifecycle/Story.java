package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.MachinePlan.ApprovalNeed;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.MachineView.Ended;
import dev.nixosoperator.lifecycle.MachineView.Inputs;
import dev.nixosoperator.lifecycle.MachineView.Requests;
import dev.nixosoperator.lifecycle.Situation.Running;
import dev.nixosoperator.lifecycle.StepOutcome.PlanDraft;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A machine's story told decision by decision; every decision is stored at once. */
final class Story {
    static final MachineId ID = new MachineId("uid-1", "default", "web-1");
    static final Situation FOREIGN =
            new Situation(Running.FOREIGN_LINUX, "boot-1", "m", "dmi-1", null, null, false, null, null);
    static final Situation INSTALLER =
            new Situation(Running.INSTALLER, "boot-2", "m", "dmi-1", null, null, false, null, null);

    Specs spec = Specs.STANDARD;
    Inputs inputs = new Inputs.Resolved("layout-1", "work-1", "all-1");
    Requests requests = Requests.NONE;
    NixosMachineStatus status = NixosMachineStatus.EMPTY;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    boolean running;
    boolean deleting;
    boolean otherOwnerLives = true;

    @Nullable
    String claimedBy;

    @Nullable
    Instant lastLook;

    /** What the last decision rested on. */
    @Nullable
    MachineView view;

    private int operations;

    Decision decide() {
        return decide(null);
    }

    Decision decide(@Nullable Ended ended) {
        view = new MachineView(
                now,
                ID,
                1,
                spec.build(),
                requests,
                inputs,
                status,
                ended,
                running,
                lastLook,
                deleting,
                claimedBy,
                otherOwnerLives,
                "op-" + ++operations);
        Decision decision = new Lifecycle().decide(Objects.requireNonNull(view));
        status = stored(decision.memory());
        return decision;
    }

    /** The present try ends with {@code outcome}. */
    Decision ends(StepOutcome outcome) {
        return decide(new Ended(Attempt.of(operation()), outcome));
    }

    /** The present try ends, which worked with other inputs than those that are there now. */
    Decision endsWith(String inputs, StepOutcome outcome) {
        return decide(new Ended(Attempt.of(operation()), outcome, inputs));
    }

    Decision sees(Situation situation) {
        return ends(new StepOutcome.Done(Seen.of(situation)));
    }

    Decision fails(Reason reason) {
        return ends(StepOutcome.Failed.of(reason, "because"));
    }

    Decision looks(StepOutcome outcome) {
        lastLook = now;
        return decide(new Ended(Attempt.LOOK, outcome));
    }

    Decision plans(ApprovalNeed need) {
        return ends(new StepOutcome.Done(
                new Seen(FOREIGN, null, null, List.of(), new PlanDraft("disks", need, List.of(), List.of()))));
    }

    /** As far as the first try of {@code step}, with a plan that a person approved. */
    Story upTo(Step step) {
        spec = step == Step.Build ? spec.withFlake("web-1") : spec;
        decide();
        while (operation().step() != step) {
            switch (operation().step()) {
                case Preflight -> sees(FOREIGN);
                case Plan -> {
                    plans(ApprovalNeed.ByPolicy);
                    approve();
                    decide();
                }
                case Gate ->
                    ends(new StepOutcome.Done(Seen.of(INSTALLER)
                            .withMade(new StepOutcome.Made(
                                    new FlakeSource(Specs.FLAKE, "web-1", Specs.FLAKE + "/1", "1"), null))));
                default -> sees(INSTALLER);
            }
        }
        return this;
    }

    Story installed() {
        upTo(Step.Verify);
        sees(installedSystem(operation().id(), ID, null));
        lastLook = now;
        return this;
    }

    /** The installer, with this marker in its tmpfs. */
    static Situation installerWith(Marker run) {
        return new Situation(Running.INSTALLER, "boot-2", "m", "dmi-1", run, null, false, null, null);
    }

    static Situation installedSystem(String operation, MachineId owner, @Nullable String token) {
        return new Situation(
                Running.NIXOS,
                "boot-3",
                "m",
                "dmi-1",
                null,
                marker(operation, owner, token, Marker.State.INSTALLED),
                false,
                Specs.SYSTEM_A,
                Specs.SYSTEM_A);
    }

    static Marker marker(String operation, MachineId owner, @Nullable String token, Marker.State state) {
        return new Marker(
                owner.uid(),
                owner.namespace(),
                owner.name(),
                operation,
                "hash",
                "layout-1",
                token,
                "dmi-1",
                state,
                Specs.SYSTEM_A,
                null,
                "2026-01-01T00:00:00Z");
    }

    void approve() {
        requests = new Requests(plan().hash(), requests.reconcileAt(), requests.acceptHostKey());
    }

    void passes(Duration time) {
        now = now.plus(time);
    }

    Operation operation() {
        return Objects.requireNonNull(status.operation(), "no operation");
    }

    MachinePlan plan() {
        return Objects.requireNonNull(status.plan(), "no plan");
    }

    /** The status that a decision leaves, as far as the next one rests on it. */
    static NixosMachineStatus stored(Memory memory) {
        return new NixosMachineStatus(
                null,
                null,
                memory.lastSeen(),
                memory.handledRequest(),
                List.of(),
                memory.facts(),
                memory.identity(),
                memory.operation(),
                memory.plan(),
                memory.install(),
                memory.system(),
                memory.failure(),
                memory.preflight(),
                memory.history());
    }
}
