package dev.nixosoperator.bench;

import dev.nixosoperator.bench.ScriptedHost.Call;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.Jobs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The detached jobs of a {@link ScriptedHost}: answers as {@code job.sh} does. A job without a plan runs until the test
 * ends it.
 */
public final class ScriptedJobs {
    /** What was started. */
    public record Started(JobId id, String script, List<String> args, String interpreter, String owner) {}

    /** How a job of a step goes. */
    public static final class Plan {
        private @Nullable Integer code;
        private @Nullable String vanished;
        private String log = "";
        private int looks;
        private BooleanSupplier over = () -> true;
        private Runnable effect = () -> {};

        public Plan exits(int exitCode, String wholeLog) {
            code = exitCode;
            log = wholeLog;
            return this;
        }

        public Plan vanishes(String why) {
            vanished = why;
            return this;
        }

        /** It is seen running this many times, the answer to its start included, before it ends. */
        public Plan afterLooks(int times) {
            looks = times;
            return this;
        }

        /** It runs until then, whoever looks. */
        public Plan when(BooleanSupplier isOver) {
            over = isOver;
            return this;
        }

        /** What happens on the machine when the job ends. */
        public Plan with(Runnable whatHappens) {
            effect = whatHappens;
            return this;
        }
    }

    private static final class Job {
        private final Started started;
        private final @Nullable Plan plan;
        private int looks;
        private String log = "";
        private @Nullable String end;

        private Job(Started started, @Nullable Plan plan) {
            this.started = started;
            this.plan = plan;
        }
    }

    private final Map<JobId, Job> jobs = new LinkedHashMap<>();
    private final List<Started> started = new ArrayList<>();
    private final Map<String, Plan> plans = new HashMap<>();
    private Function<Started, @Nullable Plan> planner =
            job -> plans.get(job.id().step());
    private boolean recording = true;
    private @Nullable String otherOwner;

    /** For the jobs of this step name that are started from now on. */
    public synchronized Plan plan(String step) {
        return plans.computeIfAbsent(step, name -> new Plan());
    }

    /** Instead of {@link #plan}: asked at the start of every job. */
    public synchronized void plannedBy(Function<Started, @Nullable Plan> asked) {
        planner = asked;
    }

    /** Every job that was really started, in order. */
    public synchronized List<Started> started() {
        return List.copyOf(started);
    }

    synchronized void recordsNothing() {
        recording = false;
    }

    /** Somebody else holds the machine's lock; null: nobody. */
    public synchronized void lockedBy(@Nullable String owner) {
        otherOwner = owner;
    }

    /** The machine restarted: nothing runs, and what was in its tmpfs is gone. */
    public synchronized void restart() {
        jobs.clear();
        otherOwner = null;
    }

    /** What is over by time ends, also if nobody looks. */
    synchronized void settle() {
        List.copyOf(jobs.values()).forEach(ScriptedJobs::advance);
    }

    synchronized boolean runs(JobId id) {
        Job job = jobs.get(id);
        return job != null && job.end == null;
    }

    public synchronized void exit(JobId id, int code) {
        job(id).end = "exited " + code;
    }

    private Job job(JobId id) {
        return Objects.requireNonNull(jobs.get(id), () -> "no job " + id + " was started");
    }

    synchronized CommandResult answer(Call call) {
        List<String> args = call.args();
        JobId id = new JobId(args.get(1), args.get(2));
        List<String> rest = args.subList(3, args.size());
        return switch (args.getFirst()) {
            case "start" -> printed(start(id, rest, call.stdinText()));
            case "look" -> printed(state(id));
            case "watch" -> printed(state(id) + "\n" + piece(id, Integer.parseInt(rest.getFirst())));
            case "cancel" -> printed(cancel(id));
            default -> throw new AssertionError("job.sh has no " + args.getFirst());
        };
    }

    private String start(JobId id, List<String> rest, String script) {
        if (!jobs.containsKey(id)) {
            String holder = holder();
            if (holder != null) {
                return "locked " + holder;
            }
            Started job = new Started(id, script, List.copyOf(rest.subList(4, rest.size())), rest.get(3), rest.get(0));
            if (recording) {
                started.add(job);
            }
            jobs.put(id, new Job(job, planner.apply(job)));
        }
        return state(id);
    }

    private @Nullable String holder() {
        return jobs.values().stream()
                .filter(job -> job.end == null)
                .map(job -> job.started.owner())
                .findFirst()
                .orElse(otherOwner);
    }

    private String cancel(JobId id) {
        Job job = jobs.get(id);
        if (job != null && job.end == null) {
            job.end = "exited 143";
        }
        return state(id);
    }

    private String state(JobId id) {
        Job job = jobs.get(id);
        if (job == null) {
            return "absent";
        }
        advance(job);
        String end = job.end;
        int size = job.log.getBytes(StandardCharsets.UTF_8).length;
        return end == null ? "running 4242 " + size : end.startsWith("exited") ? end + " " + size : end;
    }

    /** One look at a job; it ends when its plan says so. */
    private static void advance(Job job) {
        Plan plan = job.plan;
        if (job.end != null || plan == null || !plan.over.getAsBoolean() || job.looks++ < plan.looks) {
            return;
        }
        Integer code = plan.code;
        if (plan.vanished != null) {
            job.end = "vanished " + plan.vanished;
        } else if (code != null) {
            job.end = "exited " + code;
        } else {
            return;
        }
        job.log += plan.log;
        plan.effect.run();
    }

    private String piece(JobId id, int offset) {
        Job job = jobs.get(id);
        byte[] log = job == null ? new byte[0] : job.log.getBytes(StandardCharsets.UTF_8);
        int from = Math.min(offset, log.length);
        byte[] piece = Arrays.copyOfRange(log, from, Math.min(log.length, from + Jobs.MAX_LOG_PIECE));
        return Base64.getMimeEncoder().encodeToString(piece);
    }

    private static CommandResult printed(String out) {
        return new CommandResult.Exited(0, out + "\n", "");
    }
}
