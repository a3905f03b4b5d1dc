package dev.nixosoperator;

import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.PreflightFinding;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.bench.ScriptedConnector;
import dev.nixosoperator.lifecycle.HandsOff;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.Situation;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.phase.MachineAccess;
import dev.nixosoperator.phase.PhaseStep;
import dev.nixosoperator.phase.StepContext;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.MachineKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Machines that are installed in no time, by address; the steps of an operator that has no SSH. */
final class FakeFleet {
    /** What every flake becomes. */
    static final String BUILT = "/nix/store/1c0vrxfwnpwbkfvbxf3a10zvn1qs3hbm-nixos-system-built-25.11";

    /** Of a machine that was given another one. */
    static final HostKey OTHER_KEY = HostKey.parse(
                    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEBBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5f")
            .orElseThrow();

    private final Map<String, Machine> machines = new ConcurrentHashMap<>();

    PhaseStep step(Step step) {
        return context -> machine(context.spec().connection().host()).advance(step, context);
    }

    Machine machine(String host) {
        return machines.computeIfAbsent(host, Machine::new);
    }

    /** What a machine is, and how it may be made to behave. */
    static final class Machine {
        private final String host;
        private final String dmiUuid;
        private final List<Step> tries = new CopyOnWriteArrayList<>();
        private final Set<Step> held = ConcurrentHashMap.newKeySet();
        private final Set<Step> broken = ConcurrentHashMap.newKeySet();
        private final List<Operation> formats = new CopyOnWriteArrayList<>();
        private final Map<Step, MachineKey> keys = new ConcurrentHashMap<>();
        private volatile boolean cancelled;
        private volatile boolean empty = true;
        private final AtomicInteger boots = new AtomicInteger();
        private volatile Situation.Running running = Situation.Running.FOREIGN_LINUX;
        private volatile @Nullable Marker marker;
        private volatile @Nullable String system;
        private volatile HostKey hostKey = ScriptedConnector.HOST_KEY;

        Machine(String host) {
            this.host = host;
            this.dmiUuid = UUID.nameUUIDFromBytes(host.getBytes(StandardCharsets.UTF_8))
                    .toString();
        }

        /** Its disks hold something. */
        Machine holdsData() {
            empty = false;
            return this;
        }

        /** A try of the step hangs until it is released, cancelled (unless it formats) or its deadline is over. */
        Machine holdAt(Step step) {
            held.add(step);
            return this;
        }

        /** The step has a bug, until it is released. */
        Machine throwsAt(Step step) {
            broken.add(step);
            return this;
        }

        /** Another host key, from now on. */
        void shows(HostKey key) {
            hostKey = key;
        }

        void release(Step step) {
            held.remove(step);
            broken.remove(step);
        }

        List<Step> tries() {
            return tries;
        }

        /** The operations, as acknowledged, that disks were formatted for. */
        List<Operation> formats() {
            return formats;
        }

        /** The operator's own key as a try of the step was given it. */
        @Nullable
        MachineKey key(Step step) {
            return keys.get(step);
        }

        boolean sawCancel() {
            return cancelled;
        }

        StepOutcome advance(Step step, StepContext context) {
            tries.add(step);
            if (context.inputs().machineKey() != null) {
                keys.put(step, context.inputs().machineKey());
            }
            while (held.contains(step)) {
                if (step != Step.Disks && context.cancelled().getAsBoolean()) {
                    cancelled = true;
                    return new StepOutcome.Cancelled(false);
                }
                if (context.clock().instant().isAfter(context.deadline())) {
                    return StepOutcome.Failed.of(Reason.ConnectTimeout, "no answer from " + host);
                }
                context.progress().accept(new StepOutcome.Progress(step, 50, null, "half of it"));
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
            if (broken.contains(step)) {
                throw new IllegalStateException("a bug in " + step);
            }
            Set<HostKey> trusted = MachineAccess.trusted(
                    context.inputs().initial(), context.status().identity());
            if (!trusted.isEmpty() && !trusted.contains(hostKey)) {
                return new StepOutcome.Failed(
                        Reason.HostKeyMismatch,
                        host + " shows another host key",
                        List.of(),
                        StepOutcome.Seen.refused(
                                new Identity.Presented(hostKey.openSsh(), hostKey.fingerprint(), true)));
            }
            act(step, context);
            if (HandsOff.isSurveyed(context.spec(), context.status())) {
                return new StepOutcome.Done(StepOutcome.Seen.of(situation())
                        .withHostKey(hostKey.openSsh())
                        .withPreflight(List.of(PreflightFinding.passed("Root", "commands run as root")))
                        .withDraft(draft()));
            }
            StepOutcome.Seen seen = new StepOutcome.Seen(
                    situation(),
                    null,
                    hostKey.openSsh(),
                    step == Step.Files ? List.of(hostKey.openSsh()) : List.of(),
                    step == Step.Plan ? draft() : null);
            Operation operation = context.status().operation();
            FlakeSource source = operation == null ? null : operation.builtFrom();
            return new StepOutcome.Done(source == null ? seen : made(step, seen, source));
        }

        /** The revision tells in which boot it was resolved. */
        private StepOutcome.Seen made(Step step, StepOutcome.Seen seen, FlakeSource source) {
            return switch (step) {
                case Gate -> {
                    String revision = "rev-" + boots.get();
                    FlakeSource locked =
                            new FlakeSource(source.ref(), source.attribute(), source.ref() + "/" + revision, revision);
                    yield seen.withMade(new StepOutcome.Made(locked, null));
                }
                case Build -> seen.withMade(new StepOutcome.Made(source, BUILT));
                default -> seen;
            };
        }

        private void act(Step step, StepContext context) {
            switch (step) {
                case Kexec -> {
                    boots.incrementAndGet();
                    running = Situation.Running.INSTALLER;
                }
                case Disks -> {
                    Operation operation =
                            Objects.requireNonNull(context.status().operation());
                    Objects.requireNonNull(operation.intent(), "no acknowledged intent");
                    formats.add(operation);
                    marker = marker(context, Marker.State.FORMAT_DONE);
                }
                case Reboot -> {
                    boots.incrementAndGet();
                    running = Situation.Running.NIXOS;
                    system =
                            Objects.requireNonNull(context.status().operation()).toplevel();
                    marker = marker(context, Marker.State.INSTALLED);
                }
                case Preflight, Plan, Gate, Copy, Build, Files, Install, Verify, Observe -> {}
            }
        }

        private static Marker marker(StepContext context, Marker.State state) {
            Operation operation = Objects.requireNonNull(context.status().operation());
            return new Marker(
                    context.machine().uid(),
                    context.machine().namespace(),
                    context.machine().name(),
                    operation.id(),
                    operation.intent() == null ? "" : operation.intent().planHash(),
                    null,
                    null,
                    null,
                    state,
                    operation.toplevel(),
                    operation.builtFrom(),
                    "2026-11-21T00:00:00Z");
        }

        private Situation situation() {
            return new Situation(
                    running, host + "-" + boots, "id", dmiUuid, null, marker, marker != null, system, system);
        }

        private StepOutcome.PlanDraft draft() {
            MachinePlan.PlannedDisk disk = new MachinePlan.PlannedDisk(
                    "main",
                    "/dev/vda",
                    "SERIAL-" + host,
                    null,
                    20L << 30,
                    "FAKE DISK",
                    empty ? "nothing" : "ext4 \"old\"",
                    "wipe",
                    List.of("/"));
            return new StepOutcome.PlanDraft(
                    "plan of " + host,
                    empty ? MachinePlan.ApprovalNeed.None : MachinePlan.ApprovalNeed.ByPolicy,
                    List.of(disk),
                    List.of());
        }
    }
}
