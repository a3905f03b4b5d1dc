package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Api;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.lifecycle.Attempt;
import dev.nixosoperator.lifecycle.Decision;
import dev.nixosoperator.lifecycle.Homecoming;
import dev.nixosoperator.lifecycle.Lifecycle;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.MachineView;
import dev.nixosoperator.ops.Meters;
import dev.nixosoperator.phase.MachineInputs;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One machine: read, decide, write the status, act on what was acknowledged. Never waits for a machine; what woke it does
 * not matter.
 */
@ControllerConfiguration(name = "nixosmachine", finalizerName = Api.MACHINE_FINALIZER)
public final class MachineReconciler implements Reconciler<NixosMachine>, Cleaner<NixosMachine> {
    private static final Logger LOG = LoggerFactory.getLogger(MachineReconciler.class);
    private static final Duration AFTER_CONFLICT = Duration.ofMillis(500);
    /** How long a deleted object waits for its work to stop. */
    private static final Duration FAREWELL = Duration.ofSeconds(30);

    private final MachineSources sources;
    private final StepLauncher launcher;
    private final StatusWriter writer;
    private final EventRecorder events;
    private final Meters meters;
    private final InstantSource clock;
    private final Lifecycle lifecycle = new Lifecycle();
    private final Freshest<NixosMachine> freshest = new Freshest<>();
    private final Looked looked = new Looked();

    MachineReconciler(
            MachineSources sources,
            StepLauncher launcher,
            StatusWriter writer,
            EventRecorder events,
            Meters meters,
            InstantSource clock) {
        this.sources = sources;
        this.launcher = launcher;
        this.writer = writer;
        this.events = events;
        this.meters = meters;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, NixosMachine>> prepareEventSources(EventSourceContext<NixosMachine> context) {
        launcher.onEnded(sources::wake);
        return sources.prepare(context);
    }

    // An Error that escapes would keep JOSDK from ever calling for this object again.
    @SuppressWarnings("CatchingThrowable")
    @Override
    public UpdateControl<NixosMachine> reconcile(NixosMachine cached, Context<NixosMachine> context) {
        long began = System.nanoTime();
        try {
            return react(freshest.of(cached));
        } catch (StatusWriter.ConflictException changed) {
            relearn(cached);
            return UpdateControl.<NixosMachine>noUpdate().rescheduleAfter(AFTER_CONFLICT);
        } catch (Error e) {
            throw new IllegalStateException(e);
        } finally {
            meters.reconciled(Duration.ofNanos(System.nanoTime() - began));
        }
    }

    /** After a conflict the cache may lag behind even what this process wrote: the API server itself is asked. */
    private void relearn(NixosMachine cached) {
        NixosMachine newest = writer.newest(cached);
        if (newest == null) {
            freshest.forget(cached);
        } else {
            freshest.learned(newest);
        }
    }

    private UpdateControl<NixosMachine> react(NixosMachine machine) throws StatusWriter.ConflictException {
        MachineId id = id(machine);
        if (!Stored.isReadable(machine)) {
            LOG.atWarn()
                    .addKeyValue("namespace", id.namespace())
                    .addKeyValue("name", id.name())
                    .log("cannot be read: stored under another schema? Left alone");
            return UpdateControl.noUpdate();
        }
        Instant now = clock.instant();
        InputResolver.Resolution inputs = sources.inputs().resolve(machine);
        MachineView.Ended ended = launcher.ended(id);
        MachineView view = view(machine, id, now, inputs.inputs(), ended);
        Decision decision = lifecycle.decide(view);
        MachineInputs values =
                inputs.values() == null ? null : sources.machineKeys().ready(machine, decision, inputs.values());
        Standing standing = launcher.standing(id, next(decision));
        NixosMachine stored = writer.write(machine, StatusReport.of(view, decision, standing));
        if (machine.equals(stored) && isStarting(id, decision)) {
            writer.confirm(machine);
        }
        freshest.learned(stored);
        if (ended != null) {
            launcher.forget(id, ended.attempt());
        }
        report(machine, stored, ended);
        meters.machine(id.uid(), status(stored).phase());
        act(view, decision, stored, values);
        if (Homecoming.isSeen(view, decision)) {
            sources.machineKeys().clear(stored);
        }
        if (values != null) {
            sources.knownHosts().write(stored, values);
        }
        return rescheduled(decision, standing, now);
    }

    private static @Nullable Attempt next(Decision decision) {
        Operation operation = decision.memory().operation();
        return decision instanceof Decision.Run && operation != null ? Attempt.of(operation) : null;
    }

    /** A try works on what the API server acknowledged, never on what a cache says. */
    private boolean isStarting(MachineId id, Decision decision) {
        Attempt next = next(decision);
        return next != null && !launcher.isRunning(id, next);
    }

    private MachineView view(
            NixosMachine machine,
            MachineId id,
            Instant now,
            MachineView.Inputs inputs,
            MachineView.@Nullable Ended ended) {
        NixosMachineStatus status = status(machine);
        Attempt attempt = status.operation() == null ? Attempt.LOOK : Attempt.of(status.operation());
        return new MachineView(
                now,
                id,
                machine.getMetadata().getGeneration(),
                machine.getSpec(),
                Requested.by(machine),
                inputs,
                status,
                ended,
                launcher.isRunning(id, attempt),
                looked.last(id, inputs, ended, now),
                machine.isMarkedForDeletion(),
                sources.claims().older(machine),
                sources.owners().otherLives(id, ended),
                OperationId.fresh());
    }

    private static NixosMachineStatus status(NixosMachine machine) {
        return Objects.requireNonNullElse(machine.getStatus(), NixosMachineStatus.EMPTY);
    }

    private void report(NixosMachine before, NixosMachine stored, MachineView.@Nullable Ended ended) {
        List<Happening> happenings = Transitions.between(status(before), status(stored), ended);
        events.publish(stored, happenings);
        for (Happening happening : happenings) {
            LOG.atInfo()
                    .addKeyValue("namespace", stored.getMetadata().getNamespace())
                    .addKeyValue("name", stored.getMetadata().getName())
                    .log("{}: {}", happening.reason(), happening.message());
        }
    }

    private static String digest(MachineView.Inputs inputs) {
        return switch (inputs) {
            case MachineView.Inputs.Resolved resolved -> resolved.all();
            case MachineView.Inputs.Unresolved unresolved -> "";
        };
    }

    private void act(MachineView view, Decision decision, NixosMachine stored, @Nullable MachineInputs inputs) {
        MachineId id = view.id();
        switch (decision) {
            case Decision.Run run
            when inputs != null ->
                launcher.start(
                        id,
                        stored,
                        inputs,
                        digest(view.inputs()),
                        Attempt.of(Objects.requireNonNull(status(stored).operation())));
            case Decision.Look look
            when inputs != null -> {
                if (!launcher.isRunning(id, Attempt.LOOK)) {
                    looked.begins(id, view.inputs());
                }
                launcher.start(id, stored, inputs, digest(view.inputs()), Attempt.LOOK);
            }
            case Decision.Hold hold -> launcher.cancel(id);
            case Decision.Stop stop -> launcher.cancel(id);
            case Decision.Run run -> {} // what runs has its own inputs
            case Decision.Look look -> {}
            case Decision.Wait wait -> {}
            case Decision.Idle idle -> {}
        }
    }

    /** While a step runs it is looked at for its progress; its end wakes us anyhow. */
    private static UpdateControl<NixosMachine> rescheduled(Decision decision, Standing standing, Instant now) {
        Instant next =
                switch (decision) {
                    case Decision.Run run ->
                        now.plus(
                                standing instanceof Standing.Queued queued && !queued.isNear()
                                        ? Progressed.QUEUED_RARELY
                                        : Progressed.RARELY);
                    case Decision.Look look -> now.plus(Duration.ofMinutes(1));
                    case Decision.Wait wait -> wait.until();
                    case Decision.Idle idle -> idle.until();
                    case Decision.Hold hold -> hold.lookAgain();
                    case Decision.Stop stop -> null;
                };
        UpdateControl<NixosMachine> control = UpdateControl.noUpdate();
        return next == null ? control : control.rescheduleAfter(later(now, next));
    }

    private static Duration later(Instant now, Instant next) {
        Duration pause = Duration.between(now, next).plusMillis(1);
        return pause.toMillis() < 50 ? Duration.ofMillis(50) : pause;
    }

    /** The machine is left as it is. A format that runs there goes on; other work gets a moment to stop. */
    @Override
    public DeleteControl cleanup(NixosMachine machine, Context<NixosMachine> context) {
        MachineId id = id(machine);
        launcher.cancel(id);
        Instant deleted = Instant.parse(machine.getMetadata().getDeletionTimestamp());
        if (launcher.isStoppable(id) && clock.instant().isBefore(deleted.plus(FAREWELL))) {
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(1000L);
        }
        launcher.drop(id);
        looked.forget(id);
        sources.knownHosts().forget(id.uid());
        meters.machine(id.uid(), null);
        freshest.forget(machine);
        return DeleteControl.defaultDelete();
    }

    private static MachineId id(NixosMachine machine) {
        return new MachineId(
                machine.getMetadata().getUid(),
                machine.getMetadata().getNamespace(),
                machine.getMetadata().getName());
    }
}
