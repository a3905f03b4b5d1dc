package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.nix.AttributePath;
import dev.nixosoperator.nix.FlakeMetadata;
import dev.nixosoperator.nix.FlakeReference;
import dev.nixosoperator.nix.NixCommand;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Printable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Resolves a flake reference to what pins it, on the machine that will build it: what it cannot reach need not be wiped for. */
final class FlakeLock {
    private static final Duration PATIENCE = Duration.ofSeconds(100);

    /** Evaluating the flake's own file takes a moment. */
    private static final Duration LOOK = Duration.ofSeconds(15);

    /** Characters of the names that are there instead. */
    private static final int NAMES = 300;

    private FlakeLock() {}

    /** A pinned source, or why there is none. */
    sealed interface Resolved {
        record To(FlakeSource source) implements Resolved {}

        record Not(Failed failure) implements Resolved {}
    }

    static Resolved resolve(Visit visit, FlakeSource source) {
        Command command = Command.of(NixCommand.flakeMetadata(FlakeBuild.reference(source)))
                .withTimeout(PATIENCE);
        CommandResult result = visit.host().run(command);
        return switch (result) {
            case CommandResult.Exited exited when exited.code() == 0 -> read(source, exited.out());
            case CommandResult.Exited exited -> not(failed(source, exited.err()));
            case CommandResult.Signalled signalled -> not(memory(source, result.summary()));
            case CommandResult.TimedOut timedOut -> not(unavailable(source, result.summary()));
            case CommandResult.Lost lost -> not(Failed.of(Reason.ConnectionLost, result.summary()));
        };
    }

    /** An attribute that is not there, as far as that can be told without the flake's inputs. No answer is none: the build will tell. */
    static Optional<Failed> missing(Visit visit, FlakeSource source) {
        if (source.locked() == null) {
            return Optional.empty();
        }
        AttributePath path = FlakeBuild.toplevel(source);
        CommandResult result = visit.host()
                .run(Command.of(NixCommand.flakeHas(new FlakeReference(source.locked()), path))
                        .withTimeout(LOOK));
        if (!(result instanceof CommandResult.Exited exited)) {
            return result.ended()
                    ? Optional.empty()
                    : Optional.of(Failed.of(Reason.ConnectionLost, "no answer about the flake: " + result.summary()));
        }
        NixLog log = new NixLog(exited.err().lines().toList());
        boolean others = exited.code() == 0 && exited.out().startsWith("[");
        return others || log.errs("does not provide attribute")
                ? Optional.of(Failed.of(
                        Reason.AttributeNotFound,
                        "the flake %s has no %s; correct spec.system.flake.attribute (names that hold dots stand in double quotes), or the flake. %s"
                                .formatted(
                                        source.locked(),
                                        path,
                                        others
                                                ? "It has "
                                                        + Printable.text(
                                                                exited.out().strip(), NAMES)
                                                : log.error())))
                : Optional.empty();
    }

    private static Resolved read(FlakeSource source, String json) {
        return FlakeMetadata.parse(json)
                .<Resolved>map(metadata -> new Resolved.To(new FlakeSource(
                        source.ref(), source.attribute(), metadata.locked().text(), metadata.revision())))
                .orElseGet(() -> not(Failed.of(
                        Reason.FlakeInvalid,
                        "nothing pins the flake %s, so that it may be another one the next time; commit what was changed there, or name a tarball or a commit"
                                .formatted(source.ref()))));
    }

    private static Failed failed(FlakeSource source, String err) {
        NixLog log = new NixLog(err.lines().toList());
        if (log.errs("lock file")) {
            return Failed.of(
                    Reason.FlakeInvalid,
                    "not all inputs of the flake %s are locked; run `nix flake lock` there and commit flake.lock"
                            .formatted(source.ref()));
        }
        if (log.errs("no space left|out of memory|cannot allocate memory")) {
            return memory(source, log.error());
        }
        boolean broken = log.errs(
                "flake\\.nix|syntax error|flake output|unsupported attribute|lacks attribute|undefined variable");
        return broken
                ? Failed.of(
                        Reason.FlakeInvalid,
                        "%s is no flake that can be read: %s; mend it, or correct spec.system.flake.ref (a flake that is not at the top of its source needs ?dir=…)"
                                .formatted(source.ref(), log.error()))
                : unavailable(source, log.error());
    }

    private static Failed unavailable(FlakeSource source, String why) {
        return Failed.of(
                Reason.SourceUnavailable,
                "the installer cannot get the flake %s: %s; see that the machine reaches it, and that spec.system.flake.ref is right"
                        .formatted(source.ref(), why));
    }

    private static Failed memory(FlakeSource source, String why) {
        return Failed.of(
                Reason.InsufficientMemory,
                "the installer's memory does not hold the source of the flake %s: %s; give the machine more"
                        .formatted(source.ref(), why));
    }

    private static Resolved not(Failed failure) {
        return new Resolved.Not(new Failed(failure.reason(), failure.message(), List.of(), null));
    }
}
