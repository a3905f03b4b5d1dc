package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Leaves the installer. The machine may cut the line at any moment: that is success here. */
final class RebootStep implements PhaseStep {
    private static final Script REBOOT = Script.load("reboot.sh");

    @Override
    public StepOutcome advance(StepContext context) {
        List<Role> order = List.of(Role.INSTALLER, Role.INSTALLED, Role.INITIAL);
        return switch (Visits.visit(context, order, Visits.Depth.SITUATION)) {
            case Visits.Visited.At at -> leave(context, at.visit());
            case Visits.Visited.Not not -> not.failure();
        };
    }

    private static StepOutcome leave(StepContext context, Visit visit) {
        if (!visit.situation().isInstaller()) {
            return new StepOutcome.Done(visit.seen());
        }
        if (!Markers.installed(visit.situation().diskMarker(), context) && !isUnmounted(context, visit)) {
            return new StepOutcome.Elsewhere(visit.seen());
        }
        String operation = Operations.of(context).id();
        List<String> args = new ArrayList<>(List.of(DisksStep.ScriptFiles.directory(operation) + "/unmount.sh"));
        args.addAll(context.inputs().encryptionKeys().keySet());
        CommandResult result = visit.host().run(Command.script(REBOOT, args).withTimeout(Duration.ofMinutes(2)));
        context.access().close(context.machine().uid());
        return switch (result) {
            case CommandResult.Lost lost -> new StepOutcome.Done(visit.seen());
            case CommandResult.Exited exited ->
                exited.code() == 0 ? new StepOutcome.Done(visit.seen()) : failed(visit, result);
            case CommandResult.Signalled killed -> failed(visit, result);
            case CommandResult.TimedOut timedOut -> failed(visit, result);
        };
    }

    /** A try before this one has unmounted and died before the reboot: the marker in the tmpfs still tells. */
    private static boolean isUnmounted(StepContext context, Visit visit) {
        return Markers.installed(visit.situation().runMarker(), context);
    }

    private static StepOutcome failed(Visit visit, CommandResult result) {
        return new Failed(
                Reason.ConnectionLost,
                "the machine did not take the reboot: " + result.summary(),
                List.of(),
                visit.seen());
    }
}
