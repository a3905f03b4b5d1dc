package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.JobLook;
import dev.nixosoperator.remote.JobSpec;
import dev.nixosoperator.remote.JobState;
import dev.nixosoperator.remote.Jobs;
import dev.nixosoperator.remote.RemoteHost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows one detached job to its end: through lost connections, until the deadline.
 *
 * @param destructive runs to its end whatever happens: it is neither cancelled nor stopped at the deadline
 * @param stall longest time without a new line in the log; null: no limit
 * @param enough asked after new lines: the rest of the job need not be followed
 */
record Work(
        StepContext context,
        Role role,
        Pause pause,
        boolean destructive,
        @Nullable Duration stall,
        BooleanSupplier enough) {
    Work(StepContext context, Role role, Pause pause, boolean destructive, @Nullable Duration stall) {
        this(context, role, pause, destructive, stall, () -> false);
    }

    /** More tries than any machine gets. */
    private static final int MOST_JOBS = 1 << 16;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How the work ended, as far as it was seen. */
    sealed interface End {
        /**
         * @param log the last lines
         * @param failed what a {@code ::failed} line named; empty without one
         */
        record Exited(int code, List<String> log, String failed) implements End {
            boolean ok() {
                return code == 0;
            }

            List<String> tail() {
                return JobLog.tail(log);
            }

            boolean says(String regex) {
                return log.stream().anyMatch(line -> line.matches("(?i).*(" + regex + ").*"));
            }
        }

        /** The machine restarted, or somebody killed the job. */
        record Gone(String why) implements End {}

        /** Another owner's job holds the machine. */
        record Locked(String owner) implements End {}

        /** The machine cannot be reached any more. */
        record Silent(Failed failure) implements End {}

        /** No longer wanted; the job was ended. */
        record Cancelled() implements End {}

        /** The log said what was waited for; the job may still run. */
        record Enough() implements End {}

        /** Not at its end in time; with the last lines of the log. */
        record Late(String message, List<String> log) implements End {}
    }

    /**
     * The job of a step that may be done more than once: the running one, or the next number that was never used. An
     * ended one is the past; whether its work is done is seen on the machine, not in its exit code. A few looks find it,
     * also where a machine says of every job that it has ended.
     */
    static JobId next(RemoteHost host, String operation, String step) {
        int ended = 0;
        int next = 1;
        while (next < MOST_JOBS
                && Jobs.look(host, new JobId(operation, numbered(step, next))).ended()) {
            ended = next;
            next *= 2;
        }
        while (next - ended > 1) {
            int middle = (ended + next) / 2;
            if (Jobs.look(host, new JobId(operation, numbered(step, middle))).ended()) {
                ended = middle;
            } else {
                next = middle;
            }
        }
        return new JobId(operation, numbered(step, next));
    }

    private static String numbered(String step, int number) {
        return step + "-" + number;
    }

    /** The job before {@code next}, where it ended with exit code 0. */
    static Optional<JobId> endedWellBefore(RemoteHost host, JobId next) {
        int dash = next.step().lastIndexOf('-');
        int number = Integer.parseInt(next.step().substring(dash + 1));
        JobId last = new JobId(next.operation(), numbered(next.step().substring(0, dash), number - 1));
        return number > 1 && Jobs.look(host, last) instanceof JobState.Exited exited && exited.code() == 0
                ? Optional.of(last)
                : Optional.empty();
    }

    End startAndFollow(RemoteHost host, JobId id, JobSpec spec, Consumer<String> lines) {
        JobState state = Jobs.start(host, id, spec);
        if (state instanceof JobState.Locked locked) {
            return new End.Locked(locked.owner());
        }
        // Unknown: the answer was lost. The look that follows tells whether it was started; Absent ends as Gone.
        return follow(host, id, lines);
    }

    End follow(RemoteHost first, JobId id, Consumer<String> lines) {
        RemoteHost host = first;
        JobLog log = new JobLog(lines);
        Instant lastNews = context.clock().instant();
        while (true) {
            if (!destructive && context.cancelled().getAsBoolean()) {
                Jobs.cancel(host, id);
                return new End.Cancelled();
            }
            JobLook look = Jobs.watch(host, id, log.offset(), PATIENCE);
            if (log.take(look)) {
                lastNews = context.clock().instant();
            }
            if (enough.getAsBoolean()) {
                return new End.Enough();
            }
            if (look.state() instanceof JobState.Unknown) {
                switch (again()) {
                    case Access.Open open -> host = open.host();
                    case Access.Denied denied -> {
                        return new End.Silent(Visits.failure(context, role, denied, log.tail()));
                    }
                }
                End late = late(lastNews, log);
                if (late != null) {
                    return late;
                }
                pause.of(Duration.ofSeconds(1));
                continue;
            }
            End end = end(look, log);
            if (end != null) {
                return end;
            }
            End late = late(lastNews, log);
            if (late != null) {
                if (!destructive) {
                    Jobs.cancel(host, id);
                }
                return late;
            }
        }
    }

    private static @Nullable End end(JobLook look, JobLog log) {
        return switch (look.state()) {
            case JobState.Exited exited ->
                log.isBehind(exited.logSize()) ? null : new End.Exited(exited.code(), log.all(), log.failed());
            case JobState.Vanished vanished -> new End.Gone(vanished.why());
            case JobState.Absent absent -> new End.Gone("the machine knows nothing of it: it restarted");
            case JobState.Locked locked -> new End.Locked(locked.owner());
            case JobState.Running running -> null;
            case JobState.Unknown unknown -> null;
        };
    }

    private @Nullable End late(Instant lastNews, JobLog log) {
        Instant now = context.clock().instant();
        if (!now.isBefore(context.deadline())) {
            return new End.Late("not at its end when its time was over", log.tail());
        }
        if (stall != null && Duration.between(lastNews, now).compareTo(stall) > 0) {
            return new End.Late("no progress for " + stall.toMinutes() + " minutes", log.tail());
        }
        return null;
    }

    /** A new connection: the machine may be busy or its network away for a while. */
    private Access again() {
        Duration wait = Duration.ofSeconds(1);
        while (true) {
            Access access = context.access().open(context, role);
            boolean over = !context.clock().instant().isBefore(context.deadline());
            if (!(access instanceof Access.Denied denied) || !denied.silent() || over) {
                return access;
            }
            if (!destructive && context.cancelled().getAsBoolean()) {
                return access;
            }
            context.turns().away();
            pause.of(wait);
            wait = wait.compareTo(Duration.ofSeconds(8)) < 0 ? wait.multipliedBy(2) : wait;
        }
    }

    /** The ends that every step tells alike; null for the others. */
    @Nullable
    StepOutcome common(End end, String what) {
        return switch (end) {
            case End.Exited exited -> null;
            case End.Late late -> null;
            case End.Enough enoughSeen -> null;
            case End.Gone gone ->
                new Failed(Reason.ConnectionLost, what + " was interrupted: " + gone.why(), List.of(), null);
            case End.Locked locked
            when locked.owner().equals(context.machine().uid()) ->
                Failed.of(
                        Reason.ConnectionLost,
                        "earlier work of this object still runs on the machine; " + what + " comes after it");
            case End.Locked locked ->
                Failed.of(
                        Reason.MachineClaimed,
                        "another job holds the machine, of the object with uid " + locked.owner());
            case End.Silent silent -> silent.failure();
            case End.Cancelled cancelled -> new StepOutcome.Cancelled(false);
        };
    }
}
