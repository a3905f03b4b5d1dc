package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.disk.Layout;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.JobId;
import dev.nixosoperator.remote.JobSpec;
import dev.nixosoperator.remote.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sets the profile and installs the boot loader. Without a boot entry for the system there is no reboot. */
final class InstallStep implements PhaseStep {
    private static final Script INSTALL = Script.load("install.sh");
    private static final Script INSTALLED = Script.load("installed.sh");
    private static final Script MARK = Script.load("mark-installed.sh");
    private static final String LOADER =
            "boot ?loader|grub|systemd-boot|bootctl|efibootmgr|efivars|limine|extlinux|lanzaboote|refind";

    private final Pause pause;

    InstallStep(Pause pause) {
        this.pause = pause;
    }

    @Override
    public StepOutcome advance(StepContext context) {
        return Visits.onDisks(context, visit -> install(context, visit));
    }

    private StepOutcome install(StepContext context, Visit visit) {
        if (Markers.installed(visit.situation().diskMarker(), context)) {
            return new StepOutcome.Done(visit.seen());
        }
        JobId job = Work.next(visit.host(), Operations.of(context).id(), "install");
        Work work = new Work(context, Role.INSTALLER, pause, false, null);
        Says says = new Says(context, Step.Install);
        Optional<JobId> ended = Work.endedWellBefore(visit.host(), job);
        if (ended.isPresent()) {
            // It ended while nobody looked; what it left behind is judged as if it had just ended.
            StepOutcome seen = judged(context, visit, work, work.follow(visit.host(), ended.get(), line -> {}));
            if (seen instanceof StepOutcome.Done) {
                return seen;
            }
        }
        JobSpec spec = JobSpec.sh(
                INSTALL.text(),
                context.machine().uid(),
                Operations.toplevel(context).toString());
        return judged(context, visit, work, work.startAndFollow(visit.host(), job, spec, says::message));
    }

    private static StepOutcome judged(StepContext context, Visit visit, Work work, Work.End end) {
        StepOutcome common = work.common(end, "nixos-install");
        if (common != null) {
            return common;
        }
        if (!(end instanceof Work.End.Exited exited)) {
            List<String> log = end instanceof Work.End.Late late ? late.log() : List.of();
            return new Failed(Reason.InstallFailed, "nixos-install did not come to its end in time", log, visit.seen());
        }
        if (!exited.ok()) {
            Reason reason = exited.tail().stream().anyMatch(line -> line.matches("(?i).*(" + LOADER + ").*"))
                    ? Reason.BootloaderFailed
                    : Reason.InstallFailed;
            return new Failed(
                    reason, "nixos-install failed with exit code " + exited.code(), exited.tail(), visit.seen());
        }
        return BootProof.fatal(exited.log())
                .<StepOutcome>map(line -> notBooted(visit, line, exited.tail()))
                .orElseGet(() -> Visits.inInstaller(
                        context, Visits.Depth.SITUATION, after -> proven(context, after, exited.tail())));
    }

    private static StepOutcome proven(StepContext context, Visit visit, List<String> log) {
        String toplevel = Operations.toplevel(context).toString();
        CommandResult result =
                visit.host().run(Command.script(INSTALLED, toplevel).withTimeout(Duration.ofMinutes(2)));
        if (!(result instanceof CommandResult.Exited exited)) {
            return Failed.of(Reason.ConnectionLost, "cannot look at what was installed: " + result.summary());
        }
        Reading reading = Reading.parse(exited.out());
        if (!reading.get("profile").equals(toplevel)) {
            return new Failed(
                    Reason.InstallFailed,
                    "the system profile is " + reading.get("profile") + ", not " + toplevel,
                    log,
                    visit.seen());
        }
        Layout layout = Planning.layout(context);
        return BootProof.missing(reading, toplevel, context.status().facts())
                .map(why -> notBooted(visit, why, log))
                .or(() -> UnlockProof.missing(context, visit, layout))
                .<StepOutcome>map(failure -> failure)
                .orElseGet(() -> marked(context, visit, layout));
    }

    private static Failed notBooted(Visit visit, String why, List<String> log) {
        return new Failed(
                Reason.BootloaderFailed,
                why + "; the machine is not rebooted and stays in the installer",
                log,
                visit.seen());
    }

    private static StepOutcome marked(StepContext context, Visit visit, @Nullable Layout layout) {
        Marker marker =
                Markers.of(context, visit.situation(), layout == null ? null : layout.hash(), Marker.State.INSTALLED);
        CommandResult result = visit.host()
                .run(Command.script(MARK, Operations.of(context).id())
                        .withStdin(Markers.json(marker).getBytes(StandardCharsets.UTF_8)));
        return result.ok()
                ? new StepOutcome.Done(visit.seen())
                : new Failed(
                        result.ended() ? Reason.FilesFailed : Reason.ConnectionLost,
                        "cannot write the marker: " + result.summary(),
                        List.of(),
                        visit.seen());
    }
}
