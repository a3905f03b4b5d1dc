package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.Install.Kexec;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.Situation;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.JobSpec;
import dev.nixosoperator.remote.JobState;
import dev.nixosoperator.remote.Jobs;
import dev.nixosoperator.remote.Script;
import dev.nixosoperator.remote.Stdin;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Boots the installer in memory. Done when an installer answers; the old system on the disks is not touched. */
final class KexecStep implements PhaseStep {
    private static final Script RECEIVE = Script.load("receive.sh");
    private static final Script KEXEC = Script.load("kexec.sh");
    private static final String LEAVING = "machine will boot into nixos";
    /** What a downloaded archive of unknown size and its content may take. */
    private static final long UNKNOWN_KIB = 1200L << 10;

    private final Settings settings;
    private final Images images;
    private final Pause pause;

    KexecStep(Settings settings, Images images, Pause pause) {
        this.settings = settings;
        this.images = images;
        this.pause = pause;
    }

    @Override
    public StepOutcome advance(StepContext context) {
        Poll poll = new Poll(context, pause);
        while (true) {
            List<Role> order = List.of(Role.INITIAL, Role.INSTALLER, Role.INSTALLED);
            switch (Visits.visit(context, order, Visits.Depth.FACTS)) {
                case Visits.Visited.At at -> {
                    return arrived(context, at.visit());
                }
                case Visits.Visited.Not not -> {
                    // It may be on its way: a try before this one may have sent it off.
                    if (!not.silent() || context.cancelled().getAsBoolean() || !poll.again()) {
                        return not.failure();
                    }
                }
            }
        }
    }

    private StepOutcome arrived(StepContext context, Visit visit) {
        if (visit.situation().isInstaller()) {
            return new StepOutcome.Done(visit.seen());
        }
        return isWhatWasPlanned(context, visit.situation())
                ? new Try(context, visit).leave()
                : new StepOutcome.Elsewhere(visit.seen());
    }

    /** A plan may wait for days: what answers now may be another machine, or a system that was installed meanwhile. */
    private static boolean isWhatWasPlanned(StepContext context, Situation now) {
        Identity known = context.status().identity();
        if (known == null) {
            return true;
        }
        boolean otherMachine = known.dmiUuid() != null
                && now.dmiUuid() != null
                && !known.dmiUuid().equals(now.dmiUuid());
        boolean newSystem =
                now.running() == Situation.Running.NIXOS && !now.bootId().equals(known.bootId());
        return !otherMachine && !newSystem;
    }

    /** The archive of this machine. */
    private record Source(@Nullable String url, @Nullable String path, @Nullable String sha256) {}

    /** One try, from the old system into the installer. */
    private final class Try {
        private final StepContext context;
        private final Visit visit;
        private final String operation;
        private final Says says;

        private Try(StepContext context, Visit visit) {
            this.context = context;
            this.visit = visit;
            this.operation = Operations.of(context).id();
            this.says = new Says(context, Step.Kexec);
        }

        private StepOutcome leave() {
            JobId job = Work.next(visit.host(), operation, "kexec");
            AtomicBoolean leaving = new AtomicBoolean();
            Work work = new Work(context, visit.role(), pause, false, null, leaving::get);
            if (Jobs.look(visit.host(), job) instanceof JobState.Running) {
                return followed(work, work.follow(visit.host(), job, line -> heard(line, leaving)));
            }
            return switch (delivered()) {
                case Delivery.Not not -> not.failure();
                case Delivery.Ready ready ->
                    followed(work, work.startAndFollow(visit.host(), job, spec(ready), line -> heard(line, leaving)));
            };
        }

        private void heard(String line, AtomicBoolean leaving) {
            says.line(line);
            if (line.contains(LEAVING)) {
                leaving.set(true);
            }
        }

        private JobSpec spec(Delivery.Ready ready) {
            return JobSpec.sh(
                    KEXEC.text(),
                    context.machine().uid(),
                    ready.directory(),
                    ready.url(),
                    ready.sha256(),
                    Long.toString(Math.max(60, left().toSeconds())));
        }

        private Duration left() {
            return Duration.between(context.clock().instant(), context.deadline());
        }

        private Source source() {
            Kexec.Image image = context.spec().install().kexec().image();
            if (image != null) {
                return new Source(image.url(), image.path(), image.sha256());
            }
            String architecture = visit.reading().get("architecture");
            String url = settings.kexecImage().replace("<arch>", architecture);
            return new Source(url, null, null);
        }

        private Delivery delivered() {
            Source source = source();
            String url = source.url();
            if (url != null && downloads(url)) {
                says.message("the machine downloads the installer");
                return received(UNKNOWN_KIB, null, url, source.sha256());
            }
            says.message("getting the installer");
            Images.Image image = url == null
                    ? images.local(String.valueOf(source.path()), source.sha256())
                    : images.download(url, source.sha256(), left());
            return switch (image) {
                case Images.Image.Not not -> new Delivery.Not(not.failure());
                case Images.Image.File file ->
                    received(
                            3 * file.size() / 1024,
                            Stdin.of(file.size(), () -> Files.newInputStream(file.path()))
                                    .withProgress(says.uploading(file.size(), "uploading the installer")),
                            "",
                            file.sha256());
            };
        }

        private boolean downloads(String url) {
            boolean tool = visit.reading().yes("tool.curl") || visit.reading().yes("tool.wget");
            // GitHub has no IPv6 addresses.
            boolean unreachable = visit.reading().yes("ipv6_only") && url.startsWith("https://github.com/");
            return switch (context.spec().install().kexec().delivery()) {
                case Download -> true;
                case Upload -> false;
                case Auto -> tool && !unreachable;
            };
        }

        /** Finds a directory for the archive, and uploads it there where it is not downloaded. */
        private Delivery received(long needKib, @Nullable Stdin archive, String url, @Nullable String sha256) {
            String size = archive == null ? "-" : Long.toString(archive.length());
            Command command = Command.script(RECEIVE, Long.toString(needKib), operation, size)
                    .withTimeout(left().compareTo(Duration.ofSeconds(30)) > 0 ? left() : Duration.ofSeconds(30));
            CommandResult result = visit.host().run(archive == null ? command : command.withStdin(archive));
            String directory = result instanceof CommandResult.Exited exited && exited.code() == 0
                    ? Reading.parse(exited.out()).get("dir")
                    : "";
            if (!directory.isEmpty()) {
                return new Delivery.Ready(directory, url, sha256 == null ? "" : sha256);
            }
            Reason reason = result instanceof CommandResult.Exited exited && exited.code() == 28
                    ? Reason.KexecFailed
                    : Reason.ConnectionLost;
            return new Delivery.Not(new Failed(
                    reason,
                    "the installer did not get onto the machine: " + result.summary(),
                    List.of(),
                    visit.seen()));
        }

        private StepOutcome followed(Work work, Work.End end) {
            return switch (end) {
                case Work.End.Enough enough -> arrived();
                case Work.End.Exited exited -> failed(exited);
                // The line broke: the machine may be on its way.
                case Work.End.Gone gone -> arrived();
                case Work.End.Silent silent -> arrived();
                case Work.End.Late late ->
                    new Failed(
                            Reason.KexecFailed,
                            "kexec did not begin in time: " + late.message(),
                            late.log(),
                            visit.seen());
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
            String what =
                    switch (exited.failed()) {
                        case "download" -> "the machine cannot download the installer";
                        case "checksum" -> "the installer's archive is not the one that was asked for";
                        case "unpack" -> "the installer's archive cannot be unpacked";
                        case "layout" -> "the installer's archive has no kexec/run";
                        default ->
                            exited.ok() ? "kexec/run ended without saying '" + LEAVING + "'" : "kexec/run failed";
                    };
            List<String> tail = exited.tail();
            String last = tail.isEmpty() ? "" : ": " + tail.getLast();
            return new Failed(reason, what + last, tail, visit.seen());
        }

        /** Waits until an installer answers. */
        private StepOutcome arrived() {
            context.access().close(context.machine().uid());
            says.message("waiting for the installer");
            Poll poll = new Poll(context, pause);
            Failed last;
            do {
                if (context.cancelled().getAsBoolean()) {
                    return new StepOutcome.Cancelled(false);
                }
                switch (Visits.visit(context, List.of(Role.INSTALLER, Role.INITIAL), Visits.Depth.SITUATION)) {
                    case Visits.Visited.At at -> {
                        if (at.visit().situation().isInstaller()) {
                            return new StepOutcome.Done(at.visit().seen());
                        }
                        last = stayed(at.visit());
                        if (!at.visit()
                                .situation()
                                .bootId()
                                .equals(visit.situation().bootId())) {
                            return last;
                        }
                    }
                    case Visits.Visited.Not not -> {
                        if (not.failure().reason() == Reason.HostKeyMismatch) {
                            return not.failure();
                        }
                        last = not.silent() ? silent(not.failure()) : not.failure();
                    }
                }
            } while (poll.again());
            return last;
        }

        private Failed stayed(Visit now) {
            boolean same = now.situation().bootId().equals(visit.situation().bootId());
            return new Failed(
                    Reason.KexecNotEntered,
                    same
                            ? "kexec was started, but the machine still runs the old system in the same boot"
                            : "the machine restarted into its old system instead of the installer",
                    List.of(),
                    now.seen());
        }

        private static Failed silent(Failed failure) {
            return Failed.of(
                    Reason.KexecNoReturn,
                    "the machine left for the installer and does not answer (" + failure.message()
                            + "); the old system on its disk is untouched, a power cycle brings it back");
        }
    }

    /** The archive on the machine or to be downloaded there, or why not. */
    private sealed interface Delivery {
        /** An empty URL: it was uploaded. An empty checksum: not known. */
        record Ready(String directory, String url, String sha256) implements Delivery {}

        record Not(Failed failure) implements Delivery {}
    }
}
