package dev.nixosoperator.phase;

import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Script;
import java.util.List;

/** What a machine kept of a kexec that failed: its kernel's last words. None where it cannot be asked. */
final class Traces {
    private static final Script TRACES = Script.load("traces.sh");

    private Traces() {}

    static List<String> of(RemoteHost host) {
        return host.run(Command.script(TRACES).withMaxOutput(16 << 10)) instanceof CommandResult.Exited exited
                ? exited.out().lines().filter(line -> !line.isBlank()).toList()
                : List.of();
    }

    /** Of the system that still runs. */
    static List<String> of(StepContext context, Role role) {
        return context.access().open(context, role) instanceof Access.Open open ? of(open.host()) : List.of();
    }
}
