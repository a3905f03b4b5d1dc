package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.disk.InUse;
import dev.nixosoperator.disk.Scripts;
import dev.nixosoperator.lifecycle.FormatDecision;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.PlanHash;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.phase.Planning.Planned;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Files;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.JobSpec;
import dev.nixosoperator.remote.JobState;
import dev.nixosoperator.remote.Jobs;
import dev.nixosoperator.remote.Script;
import dev.nixosoperator.remote.Stdin;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Destroys, formats and mounts, once for an operation. Whether it may is {@link FormatDecision}'s to say, asked on what
 * the machine says right before; the job on the machine asks the markers there once more.
 */
final class DisksStep implements PhaseStep {
    private static final Script DISKS = Script.load("disks.sh");
    private static final String TRY_MOUNT = "TryMount";

    private final Pause pause;

    DisksStep(Pause pause) {
        this.pause = pause;
    }

    @Override
    public StepOutcome advance(StepContext context) {
        return Visits.inInstaller(context, Visits.Depth.MARKERS, visit -> new Try(context, visit).decide());
    }

    /** One try, on what was seen. */
    private final class Try {
        private final StepContext context;
        private final Visit visit;
        private final Operation operation;
        private final Says says;
        private final JobId job;

        private Try(StepContext context, Visit visit) {
            this.context = context;
            this.visit = visit;
            this.operation = Operations.of(context);
            this.says = new Says(context, Step.Disks);
            this.job = new JobId(operation.id(), "disks");
        }

        private StepOutcome decide() {
            JobState state = Jobs.look(visit.host(), job);
            if (state instanceof JobState.Unknown unknown) {
                return failed(
                        Reason.ConnectionLost,
                        "cannot tell whether the disks are being written: "
                                + unknown.failure().summary(),
                        List.of());
            }
            boolean jobKnown = !(state instanceof JobState.Absent);
            Planned planned = Planning.draw(context, visit);
            return switch (FormatDecision.decide(
                    context.machine(),
                    operation.id(),
                    operation.intent(),
                    visit.situation(),
                    hash(planned),
                    jobKnown)) {
                case DONE -> new StepOutcome.Done(visit.seen());
                case ATTACH ->
                    state instanceof JobState.Vanished
                            ? tryMount(planned, isFormatted())
                            : ended(work(true).follow(visit.host(), job, says::line), planned);
                case START -> start(planned);
                case TRY_MOUNT -> tryMount(planned, isFormatted());
                case REFUSE -> refused(planned);
                case FOREIGN ->
                    failed(Reason.MachineClaimed, foreign(visit.situation().diskMarker()), List.of());
            };
        }

        /** Null where the disks match no plan (any more), or nobody approves it (any more). */
        private @Nullable String hash(Planned planned) {
            return planned instanceof Planned.Drawn drawn
                    ? PlanHash.approved(context.status().plan(), drawn.plan().hash())
                    : null;
        }

        /** A connection that broke says nothing of the plan. */
        private StepOutcome refused(Planned planned) {
            return planned instanceof Planned.Not not && not.failure().reason() == Reason.ConnectionLost
                    ? not.failure()
                    : new StepOutcome.Elsewhere(visit.seen());
        }

        private StepOutcome start(Planned planned) {
            if (!(planned instanceof Planned.Drawn drawn)) {
                return new StepOutcome.Elsewhere(visit.seen());
            }
            if (context.cancelled().getAsBoolean()) {
                return new StepOutcome.Cancelled(true);
            }
            List<InUse> uses = InUse.check(drawn.disks());
            if (!uses.isEmpty()) {
                return failed(Reason.DiskInUse, InUse.told(uses), List.of());
            }
            Install.DiskMode mode = context.spec().install().diskMode();
            return prepare(drawn)
                    .<StepOutcome>map(failure -> failure)
                    .orElseGet(() -> context.cancelled().getAsBoolean()
                            ? new StepOutcome.Cancelled(true)
                            : ended(
                                    work(true).startAndFollow(visit.host(), job, spec(drawn, mode.name()), says::line),
                                    planned));
        }

        /**
         * After a restart in the middle, or a mount that failed: mount what is there, never format.
         *
         * @param formatted whether a marker, or this boot's log, says that the format was finished; where it was
         *     mounted, the look there has said so
         */
        private StepOutcome tryMount(Planned planned, boolean formatted) {
            if (!(planned instanceof Planned.Drawn drawn)) {
                return planned instanceof Planned.Not not ? not.failure() : new StepOutcome.Elsewhere(visit.seen());
            }
            Optional<Failed> unprepared = prepare(drawn);
            if (unprepared.isPresent()) {
                return unprepared.get();
            }
            JobId next = Work.next(visit.host(), operation.id(), "mount");
            Work.End end = work(true).startAndFollow(visit.host(), next, spec(drawn, TRY_MOUNT), says::line);
            if (end instanceof Work.End.Exited exited && !exited.ok()) {
                boolean done = exited.failed().equals("mount")
                        || (formatted && exited.failed().equals("look"));
                return done
                        ? failed(Reason.MountFailed, "mounting the disks failed", exited.tail())
                        : failed(
                                Reason.FormatInterrupted,
                                "formatting was interrupted, and the disks do not carry the marker of a finished format;"
                                        + " a new plan and a new approval are needed",
                                exited.tail());
            }
            return ended(end, null);
        }

        private boolean isFormatted() {
            return isOurs(visit.situation().diskMarker())
                    || isOurs(visit.situation().runMarker());
        }

        private boolean isOurs(@Nullable Marker marker) {
            return marker != null
                    && marker.operation().equals(operation.id())
                    && marker.state() != Marker.State.FORMAT_STARTED;
        }

        /** @param planned for another mount where only that failed; null: no other */
        private StepOutcome ended(Work.End end, @Nullable Planned planned) {
            StepOutcome common = work(true).common(end, "the work on the disks");
            if (common != null) {
                return common;
            }
            if (!(end instanceof Work.End.Exited exited)) {
                return failed(
                        Reason.MountFailed,
                        "the work on the disks still runs and is left to run to its end; it is looked at again",
                        end instanceof Work.End.Late late ? late.log() : List.of());
            }
            if (exited.ok()) {
                return proven();
            }
            return switch (exited.failed()) {
                case "mount" ->
                    planned == null
                            ? failed(Reason.MountFailed, "mounting the disks failed", exited.tail())
                            : tryMount(planned, true);
                case "destroy" ->
                    exited.says("busy|in use|is mounted")
                            ? failed(Reason.DiskInUse, "a disk cannot be wiped because it is in use", exited.tail())
                            : failed(Reason.FormatFailed, "wiping the disks failed", exited.tail());
                case "begun" ->
                    failed(Reason.FormatInterrupted, "this operation has begun to format before", exited.tail());
                default -> failed(Reason.FormatFailed, "formatting the disks failed", exited.tail());
            };
        }

        /** The job says so; the machine must show it. */
        private StepOutcome proven() {
            return switch (Visits.visit(context, Role.INSTALLER, Visits.Depth.SITUATION)) {
                case Visits.Visited.Not not -> not.failure();
                case Visits.Visited.At at -> {
                    boolean there = at.visit().situation().mounted()
                            && isOurs(at.visit().situation().diskMarker());
                    yield there
                            ? new StepOutcome.Done(at.visit().seen())
                            : failed(
                                    Reason.MountFailed,
                                    "the disks were made, but their marker is not found under /mnt",
                                    List.of());
                }
            };
        }

        private JobSpec spec(Planned.Drawn drawn, String mode) {
            String hash = drawn.layout().hash();
            return JobSpec.bash(
                    DISKS.text(),
                    context.machine().uid(),
                    operation.id(),
                    operation.intent() == null ? "" : operation.intent().planHash(),
                    mode,
                    ScriptFiles.directory(operation.id()),
                    Markers.json(Markers.of(context, visit.situation(), hash, Marker.State.FORMAT_STARTED)),
                    Markers.json(Markers.of(context, visit.situation(), hash, Marker.State.FORMAT_DONE)));
        }

        private Optional<Failed> prepare(Planned.Drawn drawn) {
            for (Map.Entry<String, String> script :
                    ScriptFiles.of(operation.id(), drawn.scripts()).entrySet()) {
                CommandResult written = Files.write(
                        visit.host(),
                        script.getKey(),
                        "0700",
                        "0:0",
                        script.getValue().getBytes(StandardCharsets.UTF_8));
                if (!written.ok()) {
                    return Optional.of(notWritten(script.getKey(), written));
                }
            }
            for (var key : context.inputs().encryptionKeys().entrySet()) {
                CommandResult written =
                        Files.write(visit.host(), key.getKey(), "0400", "0:0", Stdin.of(key.getValue()));
                if (!written.ok()) {
                    return Optional.of(notWritten(key.getKey(), written));
                }
            }
            return Optional.empty();
        }

        private Failed notWritten(String path, CommandResult result) {
            return new Failed(
                    result.ended() ? Reason.FilesFailed : Reason.ConnectionLost,
                    "cannot write " + path + ": " + result.summary(),
                    List.of(),
                    visit.seen());
        }

        private Work work(boolean destructive) {
            return new Work(context, Role.INSTALLER, pause, destructive, null);
        }

        private Failed failed(Reason reason, String message, List<String> log) {
            return new Failed(reason, message, log, visit.seen());
        }

        private String foreign(@Nullable Marker marker) {
            return "a disk carries the marker of NixosMachine "
                    + (marker == null ? "?" : marker.namespace() + "/" + marker.name());
        }
    }

    /** Where the layout's scripts lie on the installer. They name key files, and hold no keys. */
    static final class ScriptFiles {
        private ScriptFiles() {}

        static String directory(String operation) {
            return "/run/nixos-operator/" + operation + "/scripts";
        }

        static Map<String, String> of(String operation, Scripts scripts) {
            Map<String, String> files = new LinkedHashMap<>();
            files.put(directory(operation) + "/destroy.sh", scripts.destroy());
            files.put(directory(operation) + "/format.sh", scripts.format());
            files.put(directory(operation) + "/look.sh", scripts.look());
            files.put(directory(operation) + "/mount.sh", scripts.mount());
            files.put(directory(operation) + "/unmount.sh", scripts.unmount());
            return files;
        }
    }
}
