package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.JobSpec;
import dev.nixosoperator.remote.JobState;
import dev.nixosoperator.remote.Jobs;
import dev.nixosoperator.remote.Script;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** One try to leave the old system: the archive, {@code kexec/run}, and the wait for the installer. */
final class Departure {
    private static final Script KEXEC = Script.load("kexec.sh");
    private static final String LEAVING = "machine will boot into nixos";
    private static final int TAIL = 20;

    private final StepContext context;
    private final Visit visit;
    private final Archives archives;
    private final Pause pause;
    private final Says says;
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final Deque<String> log = new ArrayDeque<>();

    /** @param visit to the system that is left, with facts */
    Departure(StepContext context, Visit visit, Archives archives, Pause pause) {
        this.context = context;
        this.visit = visit;
        this.archives = archives;
        this.pause = pause;
        this.says = new Says(context, Step.Kexec);
    }

    StepOutcome leave() {
        JobId job = Work.next(visit.host(), Operations.of(context).id(), "kexec");
        Work work = new Work(context, visit.role(), pause, false, null, leaving::get);
        if (Jobs.look(visit.host(), job) instanceof JobState.Running) {
            return followed(work, work.follow(visit.host(), job, this::heard));
        }
        return switch (archives.deliver(context, visit, says)) {
            case Archives.Delivery.Not not -> not.failure();
            case Archives.Delivery.Ready ready ->
                followed(work, work.startAndFollow(visit.host(), job, spec(ready), this::heard));
        };
    }

    private void heard(String line) {
        says.line(line);
        if (line.contains(LEAVING)) {
            leaving.set(true);
        }
        if (!line.startsWith("::")) {
            log.add(line);
        }
        if (log.size() > TAIL) {
            log.removeFirst();
        }
    }

    private JobSpec spec(Archives.Delivery.Ready ready) {
        Duration left = Duration.between(context.clock().instant(), context.deadline());
        return JobSpec.sh(
                KEXEC.text(),
                context.machine().uid(),
                ready.directory(),
                ready.url(),
                ready.sha256(),
                Long.toString(Math.max(60, left.toSeconds())),
                String.join(" ", context.spec().install().kexec().extraFlags()));
    }

    private StepOutcome followed(Work work, Work.End end) {
        Arrival arrival = new Arrival(context, visit, pause, List.copyOf(log));
        return switch (end) {
            case Work.End.Enough enough -> arrival.await(null);
            case Work.End.Exited exited -> failed(exited);
            case Work.End.Gone gone -> arrival.await(common(work, end));
            // The line broke: the machine may be on its way.
            case Work.End.Silent silent -> arrival.await(null);
            case Work.End.Late late ->
                new Failed(
                        Reason.KexecFailed, "kexec did not begin in time: " + late.message(), late.log(), visit.seen());
            case Work.End.Locked locked -> common(work, end);
            case Work.End.Cancelled cancelled -> new StepOutcome.Cancelled(false);
        };
    }

    private static StepOutcome common(Work work, Work.End end) {
        StepOutcome outcome = work.common(end, "kexec");
        return outcome == null ? Failed.of(Reason.InternalError, "not an end: " + end) : outcome;
    }

    private Failed failed(Work.End.Exited exited) {
        Reason reason =
                switch (exited.failed()) {
                    case "download" -> Reason.ImageDownloadFailed;
                    case "checksum" -> Reason.ImageChecksumMismatch;
                    default -> Reason.KexecFailed;
                };
        List<String> tail = exited.tail();
        String last = tail.isEmpty() ? "" : ": " + tail.getLast();
        boolean ran = exited.ok() || exited.failed().equals("run");
        List<String> all = new ArrayList<>(tail);
        all.addAll(ran ? Traces.of(visit.host()) : List.of());
        return new Failed(reason, what(exited) + last, List.copyOf(all), visit.seen());
    }

    private static String what(Work.End.Exited exited) {
        return switch (exited.failed()) {
            case "download" -> "the machine cannot download the installer; delivery Upload lets the operator do it";
            case "checksum" -> "the installer's archive is not the one that was asked for";
            case "tool" -> "the installer's archive cannot be unpacked on this machine";
            case "unpack" -> "the installer's archive cannot be unpacked";
            case "layout" -> "the installer's archive has no kexec/run";
            case "flags" -> "the installer's kexec/run takes no --kexec-extra-flags";
            default ->
                (exited.ok() ? "kexec/run ended without saying '" + LEAVING + "'" : "kexec/run failed")
                        + "; the old system goes on, the next try uses another system call of kexec";
        };
    }
}
