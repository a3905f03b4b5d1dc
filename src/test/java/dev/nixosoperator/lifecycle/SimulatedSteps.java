package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.MachinePlan.ApprovalNeed;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Marker.State;
import dev.nixosoperator.lifecycle.Situation.Running;
import dev.nixosoperator.lifecycle.StepOutcome.Done;
import dev.nixosoperator.lifecycle.StepOutcome.Elsewhere;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Made;
import dev.nixosoperator.lifecycle.StepOutcome.PlanDraft;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the real steps promise, on a {@link SimulatedMachine}; null: the work goes on. */
final class SimulatedSteps {
    private final SimulatedMachine machine;
    private final FormatWitness witness;
    private final BuildWitness builds;
    private int revisions;

    /** Told of every format right before its first write. */
    interface FormatWitness {
        void beforeFormat(Operation operation, NixosMachineStatus acknowledged);
    }

    /** Told of every build right before it begins, and of what is installed. */
    interface BuildWitness {
        void beforeBuild(Operation operation, FlakeSource source);

        void beforeInstall(Operation operation, @Nullable FlakeSource built);
    }

    SimulatedSteps(SimulatedMachine machine, FormatWitness witness, BuildWitness builds) {
        this.machine = machine;
        this.witness = witness;
        this.builds = builds;
    }

    /** What the machine is asked for; the spec as it was when the try began. */
    record Wanted(MachineId id, String layoutHash, @Nullable String token) {}

    @Nullable
    StepOutcome advance(Wanted wanted, Operation operation, NixosMachineStatus acknowledged) {
        if (!machine.up) {
            return Failed.of(Reason.ConnectTimeout, "no answer");
        }
        return switch (operation.step()) {
            case Preflight -> done();
            case Plan -> new Done(new Seen(machine.situation(), null, null, List.of(), draft(wanted)));
            case Kexec -> kexec();
            case Gate -> gate(wanted, operation, acknowledged);
            case Disks -> disks(wanted, operation, acknowledged);
            case Build -> build(operation);
            case Copy, Files -> isPrepared(operation) ? done() : elsewhere();
            case Install -> install(wanted, operation);
            case Reboot -> reboot(operation);
            case Verify -> verify(operation);
            case Observe -> done();
        };
    }

    /** What a look sees where everything is told. */
    Seen survey(Wanted wanted) {
        return Seen.of(machine.situation())
                .withPreflight(List.of(PreflightFinding.passed("Memory", "enough")))
                .withDraft(draft(wanted));
    }

    private Done done() {
        return new Done(Seen.of(machine.situation()).withHostKey("ssh-ed25519 AAAA"));
    }

    private Elsewhere elsewhere() {
        return new Elsewhere(Seen.of(machine.situation()));
    }

    private StepOutcome kexec() {
        if (machine.running != Running.INSTALLER) {
            machine.kexecIntoInstaller();
        }
        return done();
    }

    /** The flake moves on all the time. */
    private Done resolved(FlakeSource source) {
        String revision = "rev-" + ++revisions;
        FlakeSource locked = new FlakeSource(source.ref(), source.attribute(), source.ref() + "/" + revision, revision);
        return new Done(done().seen().withMade(new Made(locked, null)));
    }

    /** The first try begins the build, a later one finds it done. */
    private @Nullable StepOutcome build(Operation operation) {
        if (!isPrepared(operation)) {
            return elsewhere();
        }
        FlakeSource source = Objects.requireNonNull(operation.builtFrom());
        if (source.locked() == null) {
            return resolved(source);
        }
        if (!source.equals(machine.built)) {
            builds.beforeBuild(operation, source);
            machine.built = source;
            return null;
        }
        return new Done(done().seen().withMade(new Made(source, toplevel(source))));
    }

    static String toplevel(FlakeSource source) {
        int number = Objects.hash(source.locked(), source.attribute()) & Integer.MAX_VALUE;
        return "/nix/store/%032d-nixos-system-%s".formatted(number, source.attribute());
    }

    private StepOutcome gate(Wanted wanted, Operation operation, NixosMachineStatus acknowledged) {
        if (machine.running != Running.INSTALLER) {
            return elsewhere();
        }
        MachinePlan plan = acknowledged.plan();
        boolean same = plan != null && PlanHash.matches(plan, draft(wanted).hash());
        FlakeSource source = operation.builtFrom();
        if (same && source != null && source.locked() == null) {
            return resolved(source);
        }
        return same ? done() : new Failed(Reason.PlanChanged, "changed", List.of(), Seen.of(machine.situation()));
    }

    /** A try that is told right when it looked; null: it goes on, because what it does cannot be stopped. */
    @Nullable
    StepOutcome cancelled(Wanted wanted, Operation operation, NixosMachineStatus acknowledged) {
        if (operation.step() != Step.Disks) {
            return new StepOutcome.Cancelled(false);
        }
        boolean untouched = machine.up && mayFormat(wanted, operation, acknowledged) == FormatDecision.START;
        return untouched ? new StepOutcome.Cancelled(true) : null;
    }

    private FormatDecision mayFormat(Wanted wanted, Operation operation, NixosMachineStatus acknowledged) {
        MachinePlan plan = acknowledged.plan();
        String hash = PlanHash.approved(plan, draft(wanted).hash());
        boolean jobKnown =
                machine.job != null && machine.job.started.operation().equals(operation.id());
        return FormatDecision.decide(
                wanted.id(), operation.id(), operation.intent(), machine.situation(), hash, jobKnown);
    }

    private @Nullable StepOutcome disks(Wanted wanted, Operation operation, NixosMachineStatus acknowledged) {
        return switch (mayFormat(wanted, operation, acknowledged)) {
            case START -> {
                witness.beforeFormat(operation, acknowledged);
                machine.beginFormat(marker(wanted, operation));
                yield null;
            }
            case ATTACH -> machine.job != null && machine.job.ended ? done() : null;
            case DONE -> done();
            case TRY_MOUNT -> tryMount(operation);
            case REFUSE -> elsewhere();
            case FOREIGN -> Failed.of(Reason.MachineClaimed, "foreign marker");
        };
    }

    private StepOutcome tryMount(Operation operation) {
        Marker there = machine.diskMarker;
        if (there == null || !there.operation().equals(operation.id())) {
            return Failed.of(Reason.FormatInterrupted, "interrupted");
        }
        machine.mounted = true;
        machine.runMarker = there;
        return done();
    }

    private StepOutcome install(Wanted wanted, Operation operation) {
        if (!isPrepared(operation)) {
            return elsewhere();
        }
        builds.beforeInstall(operation, machine.built);
        machine.install(Objects.requireNonNullElse(operation.toplevel(), "nothing"), wanted.token());
        return done();
    }

    private StepOutcome reboot(Operation operation) {
        if (isPrepared(operation)) {
            machine.reset();
        }
        return done();
    }

    private StepOutcome verify(Operation operation) {
        Marker there = machine.diskMarker;
        boolean proven = machine.running == Running.NIXOS
                && there != null
                && there.operation().equals(operation.id())
                && machine.system.equals(operation.toplevel());
        return proven ? done() : Failed.of(Reason.BootVerificationFailed, "not the installed system");
    }

    private boolean isPrepared(Operation operation) {
        return machine.running == Running.INSTALLER
                && machine.mounted
                && machine.diskMarker != null
                && machine.diskMarker.operation().equals(operation.id());
    }

    private PlanDraft draft(Wanted wanted) {
        Marker there = machine.diskMarker;
        boolean foreign = there != null && !there.names(wanted.id());
        ApprovalNeed need =
                foreign ? ApprovalNeed.Always : machine.content == 0 ? ApprovalNeed.None : ApprovalNeed.ByPolicy;
        String hash = machine.dmi + ":" + machine.content + ":" + wanted.layoutHash();
        return new PlanDraft(hash, need, List.of(), List.of());
    }

    private Marker marker(Wanted wanted, Operation operation) {
        return new Marker(
                wanted.id().uid(),
                wanted.id().namespace(),
                wanted.id().name(),
                operation.id(),
                Objects.requireNonNull(operation.intent()).planHash(),
                wanted.layoutHash(),
                wanted.token(),
                machine.dmi,
                State.FORMAT_STARTED,
                null,
                operation.builtFrom(),
                operation.startedAt().text());
    }
}
