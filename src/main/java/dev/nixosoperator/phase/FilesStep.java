package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Install.InstalledHostKeys;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import dev.nixosoperator.phase.MachineInputs.PlacedFile;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Script;
import dev.nixosoperator.remote.Stdin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Puts the SSH host keys and extra files of the installed system in place; the files come last, and win. */
final class FilesStep implements PhaseStep {
    private static final Script PLACE = Script.load("place-file.sh");
    private static final Script HOST_KEYS = Script.load("host-keys.sh");

    @Override
    public StepOutcome advance(StepContext context) {
        return Visits.onDisks(context, visit -> place(context, visit));
    }

    private static StepOutcome place(StepContext context, Visit visit) {
        InstalledHostKeys.Policy policy = context.spec().install().hostKeys().policy();
        CommandResult keys = hostKeys(visit.host(), verb(policy));
        if (!keys.ok()) {
            return failed(visit, keys, "the host keys of the installed system cannot be made: " + keys.summary());
        }
        Optional<StepOutcome> unplaced = Stream.concat(
                        secretKeys(policy == InstalledHostKeys.Policy.FromSecret ? context.inputs() : null),
                        context.inputs().extraFiles().stream())
                .flatMap(file -> place(visit, file).stream())
                .findFirst();
        return unplaced.orElseGet(() -> readBack(visit));
    }

    private static Stream<PlacedFile> secretKeys(@org.jspecify.annotations.Nullable MachineInputs inputs) {
        return inputs == null
                ? Stream.empty()
                : new TreeMap<>(inputs.hostKeyFiles()).entrySet().stream().map(FilesStep::hostKeyFile);
    }

    private static PlacedFile hostKeyFile(Map.Entry<String, dev.nixosoperator.remote.Secret> key) {
        String mode = key.getKey().endsWith(".pub") ? "0644" : "0600";
        return new PlacedFile("/etc/ssh/" + key.getKey(), key.getValue(), mode, "0:0");
    }

    private static Optional<StepOutcome> place(Visit visit, PlacedFile file) {
        CommandResult result = visit.host()
                .run(Command.script(
                                PLACE,
                                file.path(),
                                file.mode(),
                                file.owner(),
                                Integer.toString(file.content().length()))
                        .withStdin(Stdin.of(file.content())));
        return result.ok()
                ? Optional.empty()
                : Optional.of(failed(visit, result, "cannot put " + file.path() + " in place: " + result.summary()));
    }

    /** What the installed system will present is known before it boots. */
    private static StepOutcome readBack(Visit visit) {
        CommandResult read = hostKeys(visit.host(), "read");
        if (!(read instanceof CommandResult.Exited exited) || exited.code() != 0) {
            return failed(visit, read, "the host keys of the installed system cannot be read back: " + read.summary());
        }
        List<String> keys = exited.out()
                .lines()
                .filter(line -> line.startsWith("key="))
                .map(line -> HostKey.parse(line.substring("key=".length())))
                .flatMap(Optional::stream)
                .map(HostKey::openSsh)
                .toList();
        if (keys.isEmpty()) {
            return failed(visit, read, "the installed system has no SSH host key in /etc/ssh");
        }
        return new StepOutcome.Done(
                new Seen(visit.situation(), null, visit.hostKey().openSsh(), keys, null)
                        .withJumpHosts(visit.jumpHosts()));
    }

    private static String verb(InstalledHostKeys.Policy policy) {
        return switch (policy) {
            case Preserve -> "preserve";
            case Generate -> "generate";
            case FromSecret -> "read";
        };
    }

    private static CommandResult hostKeys(RemoteHost host, String verb) {
        return host.run(Command.script(HOST_KEYS, verb));
    }

    private static StepOutcome failed(Visit visit, CommandResult result, String message) {
        Reason reason = result.ended() ? Reason.FilesFailed : Reason.ConnectionLost;
        return new Failed(reason, message, List.of(), visit.seen());
    }
}
