package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Attempt;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.MachineView;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.ops.Meters;
import dev.nixosoperator.phase.MachineAccess;
import dev.nixosoperator.phase.MachineInputs;
import dev.nixosoperator.phase.PhaseStep;
import dev.nixosoperator.phase.StepContext;
import dev.nixosoperator.phase.Turns;
import dev.nixosoperator.work.StepRunner;
import dev.nixosoperator.work.Turn;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts tries of steps and keeps what they say until the reconciler has stored it. */
public final class StepLauncher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StepLauncher.class);
    private static final Duration LOOK = Duration.ofMinutes(2);

    private final Function<Step, PhaseStep> steps;
    private final MachineAccess access;
    private final InstantSource clock;
    private final Meters meters;
    private final Turnstiles turnstiles;
    private final StepRunner<MachineId, Attempt, StepOutcome> runner;
    private final Map<MachineId, StepOutcome.Progress> progress = new ConcurrentHashMap<>();
    private final Map<MachineId, String> digests = new ConcurrentHashMap<>();
    private volatile Consumer<MachineId> wake = machine -> {};

    public StepLauncher(
            Function<Step, PhaseStep> steps, MachineAccess access, InstantSource clock, Meters meters, Limits limits) {
        this.steps = steps;
        this.access = access;
        this.clock = clock;
        this.meters = meters;
        this.turnstiles = Turnstiles.of(limits, meters);
        this.runner = new StepRunner<>(limits.steps(), clock, StepLauncher::outcome, machine -> wake.accept(machine));
        meters.gauge("nixos_operator_steps_running", "Tries of steps that run now", runner::working);
        meters.gauge("nixos_operator_steps_queued", "Tries of steps that wait for their turn", runner::queued);
    }

    /** @param wake told of a machine whose try ended */
    void onEnded(Consumer<MachineId> wake) {
        this.wake = wake;
    }

    /** An exception of a step is a bug: its text may hold anything, so only its kind is told; the log has the rest. */
    private static StepOutcome outcome(Throwable thrown) {
        if (thrown instanceof CancellationException) {
            return new StepOutcome.Cancelled(false);
        }
        LOG.atError().setCause(thrown).log("a step threw");
        return StepOutcome.Failed.of(
                Reason.InternalError,
                "%s in the operator; see its log".formatted(thrown.getClass().getSimpleName()));
    }

    /**
     * Starts the try that the stored status names.
     *
     * @param stored as the API server acknowledged it: what a step may do to disks stands in there
     * @param digest of {@code inputs}
     */
    void start(MachineId machine, NixosMachine stored, MachineInputs inputs, String digest, Attempt attempt) {
        boolean started = runner.start(
                machine,
                attempt,
                turn -> tried(machine, stored, inputs, attempt.step(), turns(stored, attempt, turn), turn));
        if (started) {
            digests.put(machine, digest);
            progress.remove(machine);
        } else if (!isRunning(machine, attempt)) {
            cancel(machine);
        }
    }

    private StepOutcome tried(
            MachineId machine, NixosMachine stored, MachineInputs inputs, Step step, Turns turns, Turn turn) {
        Instant began = clock.instant();
        NixosMachineStatus status = Objects.requireNonNullElse(stored.getStatus(), NixosMachineStatus.EMPTY);
        StepOutcome outcome = steps.apply(step)
                .advance(new StepContext(
                        machine,
                        stored.getSpec(),
                        inputs,
                        status,
                        access,
                        said -> progress.put(machine, said),
                        clock,
                        turns,
                        turn::cancelled));
        meters.stepEnded(step.name(), word(outcome), Duration.between(began, clock.instant()));
        if (outcome instanceof StepOutcome.Failed failed) {
            meters.failed(failed.reason().name());
        }
        return outcome;
    }

    private static String word(StepOutcome outcome) {
        return outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** Of a try whose turn it is now. What it waited for its turn counts for the whole installation only. */
    private Turns turns(NixosMachine stored, Attempt attempt, Turn turn) {
        boolean stoppable = mayBeStopped(attempt);
        Duration all = stored.getSpec().install().timeout().duration();
        Operation operation =
                stored.getStatus() == null ? null : stored.getStatus().operation();
        if (attempt.step() != Step.Observe && operation != null && operation.deadline() != null) {
            Instant latest = operation.activeSince().instant().plus(all);
            return new LimitedTurns(
                    turn, turnstiles, clock, operation.deadline().instant(), latest, stoppable);
        }
        // Nobody stored when a look began: its time begins with its turn.
        Instant own = clock.instant().plus(look(stored)).minus(turn.waited());
        return new LimitedTurns(turn, turnstiles, clock, own, clock.instant().plus(all), stoppable);
    }

    private static Duration look(NixosMachine stored) {
        return stored.getSpec().install().stepTimeouts().stream()
                .filter(timeout -> timeout.step() == Step.Observe)
                .map(Install.StepTimeout::timeout)
                .map(timeout -> timeout.duration())
                .findFirst()
                .orElse(LOOK);
    }

    boolean isRunning(MachineId machine, Attempt attempt) {
        return runner.running(machine).filter(attempt::equals).isPresent();
    }

    /** Whether anything runs that may be stopped. */
    boolean isStoppable(MachineId machine) {
        return runner.running(machine).filter(StepLauncher::mayBeStopped).isPresent();
    }

    /** A format that was begun runs to its end: half of one is worse than all or nothing. */
    private static boolean mayBeStopped(Attempt attempt) {
        return attempt.step() != Step.Disks;
    }

    /** A try of Disks is told, too: it stops if it has not begun to write, and goes on if it has. */
    void cancel(MachineId machine) {
        runner.cancel(machine);
    }

    MachineView.@Nullable Ended ended(MachineId machine) {
        return runner.result(machine)
                .map(ended -> new MachineView.Ended(ended.attempt(), ended.outcome(), digests.get(machine)))
                .orElse(null);
    }

    /** @param next the try that runs or shall be started now; null: none */
    Standing standing(MachineId machine, @Nullable Attempt next) {
        return next == null
                ? new Standing.Works(progress.get(machine))
                : (isRunning(machine, next) ? runner.place(machine) : runner.next())
                        .<Standing>map(Standing.Queued::new)
                        .orElseGet(() -> new Standing.Works(progress.get(machine)));
    }

    /** The outcome is stored: it may go. */
    void forget(MachineId machine, Attempt attempt) {
        runner.forget(machine, attempt);
    }

    /** The object is gone. */
    void drop(MachineId machine) {
        progress.remove(machine);
        digests.remove(machine);
        runner.result(machine).ifPresent(ended -> runner.forget(machine, ended.attempt()));
        if (runner.running(machine).isEmpty()) {
            access.close(machine.uid());
        }
    }

    @Override
    public void close() {
        runner.close();
    }
}
