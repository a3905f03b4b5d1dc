package dev.nixosoperator.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Detached jobs: work that outlives the connection. The machine holds everything in
 * {@code /run/nixos-operator/OPERATION/STEP/} ({@code script}, {@code log}, {@code exit}, {@code pid}, {@code boot-id}),
 * so that any operator that knows the name finds the job again. At most one job runs on a machine: it holds a
 * {@code flock} on {@code /run/nixos-operator/lock} itself for as long as any process of it lives.
 *
 * <p>{@code job.sh} does the work there; {@code job-run.sh} is the job's session leader.
 */
public final class Jobs {
    /** Bytes of log in one answer. */
    public static final int MAX_LOG_PIECE = 64 << 10;

    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);

    private static final Script JOB = Script.load("job.sh");
    private static final Script RUNNER = Script.load("job-run.sh");
    private static final Duration ROUND_TRIP = Duration.ofSeconds(30);

    private Jobs() {}

    /**
     * Starts the job unless there is one of this name, running or ended: then nothing is started and its state is the
     * answer. {@link JobState.Locked} when another job runs on the machine. After {@link JobState.Unknown} the job may
     * have started or not: call again.
     */
    public static JobState start(RemoteHost host, JobId id, JobSpec spec) {
        byte[] script = spec.scriptBytes();
        List<String> rest = new ArrayList<>();
        rest.addAll(List.of(spec.owner(), Integer.toString(script.length), RUNNER.text()));
        rest.add(spec.interpreter().program());
        rest.addAll(spec.args());
        return state(host.run(command("start", id, rest).withStdin(script).withTimeout(ROUND_TRIP.multipliedBy(2))));
    }

    public static JobState look(RemoteHost host, JobId id) {
        return state(host.run(command("look", id, List.of())));
    }

    /**
     * Waits on the machine until the job has ended, the log has grown beyond {@code logOffset} or the patience is over;
     * returns at once if that is so already. The end of a job is seen within 0.3 s; log lines are gathered for a second
     * before they are sent.
     *
     * @param logOffset in bytes, 0 at first, then {@link JobLook#nextOffset()}
     * @param patience rounded up to seconds
     */
    public static JobLook watch(RemoteHost host, JobId id, long logOffset, Duration patience) {
        long seconds = patience.plusMillis(999).toSeconds();
        List<String> args = List.of(Long.toString(logOffset), Long.toString(seconds), Integer.toString(MAX_LOG_PIECE));
        CommandResult result = host.run(command("watch", id, args).withTimeout(ROUND_TRIP.plusSeconds(seconds)));
        return JobReply.look(result, logOffset);
    }

    /** As {@link #cancel(RemoteHost, JobId, Duration)} with ten seconds. */
    public static JobState cancel(RemoteHost host, JobId id) {
        return cancel(host, id, DEFAULT_GRACE);
    }

    /**
     * Ends all processes of the job: TERM, and KILL after the grace time (rounded up to seconds), both on the machine.
     * Returns the state afterwards; a job that has ended stays as it is.
     */
    public static JobState cancel(RemoteHost host, JobId id, Duration grace) {
        long seconds = grace.plusMillis(999).toSeconds();
        Command cancel = command("cancel", id, List.of(Long.toString(seconds)));
        return state(host.run(cancel.withTimeout(ROUND_TRIP.plusSeconds(seconds))));
    }

    private static Command command(String verb, JobId id, List<String> rest) {
        List<String> args = new ArrayList<>(List.of(verb, id.operation(), id.step()));
        args.addAll(rest);
        return Command.script(JOB, args).withTimeout(ROUND_TRIP);
    }

    private static JobState state(CommandResult result) {
        return JobReply.look(result, 0).state();
    }
}
