package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.nix.Answer;
import dev.nixosoperator.nix.CacheFailure;
import dev.nixosoperator.nix.Caches;
import dev.nixosoperator.nix.ClosurePush;
import dev.nixosoperator.nix.NarInfo;
import dev.nixosoperator.nix.PathInfo;
import dev.nixosoperator.nix.PushFailure;
import dev.nixosoperator.nix.ServeComplaint;
import dev.nixosoperator.nix.StorePath;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Script;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * For a machine that fetches nothing ({@code copy.substituteOnTarget: false}): the operator reads the caches, and hands
 * what the machine lacks over the connection that is open.
 */
final class Relay {
    private static final Script SERVE = Script.load("serve.sh");

    /** Without a sign of life from a cache. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String NO_TURN =
            "no turn to upload the system came in time: too many machines get something from"
                    + " the operator; let more upload at the same time (--max-uploads), or machines fetch it themselves"
                    + " (copy.substituteOnTarget)";

    private final StepContext context;

    Relay(StepContext context) {
        this.context = context;
    }

    static boolean isFor(StepContext context) {
        return !context.spec().copy().substituteOnTarget();
    }

    /** In turn: what is read takes memory, and bandwidth. */
    private <T> Answer<T, Failed> reading(Function<Caches, Answer<T, CacheFailure>> use) {
        new Says(context, Operations.of(context).step()).message("waits for its turn to read the caches");
        Optional<Answer<T, CacheFailure>> read = context.turns()
                .uploading(() -> Caches.open(Closure.caches(context), Closure.keys(context), PATIENCE)
                        .then(caches -> {
                            try (caches) {
                                return use.apply(caches);
                            }
                        }));
        context.turns().back();
        if (read.isEmpty()) {
            return Answer.not(Failed.of(Reason.OperatorBusy, NO_TURN));
        }
        return switch (read.get()) {
            case Answer.Is<T, CacheFailure>(T value) -> Answer.is(value);
            case Answer.Not<T, CacheFailure>(CacheFailure failure) ->
                Answer.not(Failed.of(reason(failure), message(failure)));
        };
    }

    Closure.Found closure(StorePath toplevel) {
        return switch (reading(caches -> caches.closure(toplevel, this::late))) {
            case Answer.Is<List<NarInfo>, Failed>(List<NarInfo> all) ->
                new Closure.Found.At(new Closure(
                        Closure.RELAYED, all.stream().map(PathInfo::of).toList()));
            case Answer.Not<List<NarInfo>, Failed>(Failed failure) -> new Closure.Found.Not(failure);
        };
    }

    /** The text of a file of the system; empty where it has none. */
    Answer<Optional<String>, Failed> read(StorePath toplevel, String file) {
        return reading(caches -> caches.read(toplevel, file));
    }

    /** Null: all of it was taken. */
    @Nullable
    StepOutcome push(Visit visit, StorePath toplevel) {
        AtomicReference<@Nullable Answer<ClosurePush.Done, PushFailure>> end = new AtomicReference<>();
        Answer<CommandResult, Failed> pushed = reading(caches -> {
            ClosurePush push = caches.push(progress -> told(visit, progress));
            return Answer.is(visit.host()
                    .run(Command.script(SERVE)
                            .withTimeout(CopyStep.STALL)
                            .withDialogue((from, to) -> end.set(push.push(from, to, toplevel)))));
        });
        return switch (pushed) {
            case Answer.Is<CommandResult, Failed>(CommandResult result) -> ended(visit, result, end.get());
            case Answer.Not<CommandResult, Failed>(Failed failure) ->
                new Failed(failure.reason(), failure.message(), List.of(), visit.seen());
        };
    }

    /** A closed connection ends the push, whatever it waits for. */
    private void told(Visit visit, ClosurePush.Progress progress) {
        if (context.cancelled().getAsBoolean() || late()) {
            visit.host().close();
            return;
        }
        long all = Math.max(1, progress.allBytes());
        context.progress()
                .accept(new StepOutcome.Progress(
                        Step.Copy,
                        (int) Math.min(100, progress.bytes() * 100 / all),
                        progress.bytes(),
                        progress.paths() + " of " + progress.allPaths() + " paths"));
    }

    private boolean late() {
        return !context.clock().instant().isBefore(context.deadline());
    }

    private @Nullable StepOutcome ended(
            Visit visit, CommandResult result, @Nullable Answer<ClosurePush.Done, PushFailure> end) {
        if (context.cancelled().getAsBoolean()) {
            return new StepOutcome.Cancelled(false);
        }
        if (end instanceof Answer.Not<ClosurePush.Done, PushFailure>(PushFailure.Source(CacheFailure failure))) {
            return failed(visit, reason(failure), message(failure), "");
        }
        return switch (result) {
            case CommandResult.Exited exited
            when exited.code() == 0 && end instanceof Answer.Is<ClosurePush.Done, PushFailure> -> null;
            case CommandResult.Exited exited -> refused(visit, exited, end);
            case CommandResult.Signalled signalled ->
                failed(visit, Reason.CopyFailed, "the copy was killed: " + signalled.summary(), signalled.err());
            case CommandResult.TimedOut silent ->
                failed(
                        visit,
                        Reason.CopyFailed,
                        "the copy was stopped: no progress for " + CopyStep.STALL.toMinutes() + " minutes",
                        "");
            case CommandResult.Lost lost ->
                late()
                        ? failed(
                                visit,
                                Reason.CopyFailed,
                                "the copy was stopped: not at its end when its time was over",
                                "")
                        : failed(visit, Reason.ConnectionLost, "the copy was interrupted: " + lost.message(), "");
        };
    }

    /** The protocol has no errors: why is told by what Nix wrote. */
    private StepOutcome refused(
            Visit visit, CommandResult.Exited exited, @Nullable Answer<ClosurePush.Done, PushFailure> end) {
        String why = end instanceof Answer.Not<ClosurePush.Done, PushFailure>(PushFailure failure)
                ? failure.message()
                : "nix-store --serve ended with exit code " + exited.code();
        List<String> errors =
                exited.err().lines().filter(line -> !line.isBlank()).toList();
        return failed(
                visit,
                reason(ServeComplaint.of(exited.err())),
                "copying the system failed: " + why
                        + (errors.isEmpty() ? "" : ": " + errors.getLast().strip()),
                exited.err());
    }

    private static StepOutcome failed(Visit visit, Reason reason, String message, String log) {
        return new Failed(reason, message, JobLog.tail(log.lines().toList()), visit.seen());
    }

    private static String message(CacheFailure failure) {
        return failure.message() + " (the operator reads the caches: spec.copy.substituteOnTarget is false)";
    }

    private static Reason reason(CacheFailure failure) {
        return switch (failure) {
            case CacheFailure.NotFound none -> Reason.StorePathNotFound;
            case CacheFailure.BadSignature bad -> Reason.SignatureRejected;
            case CacheFailure.CacheUnavailable away -> Reason.CacheUnavailable;
            case CacheFailure.Denied denied -> Reason.CacheUnavailable;
            case CacheFailure.HashMismatch other -> Reason.HashMismatch;
            case CacheFailure.SizeMismatch other -> Reason.HashMismatch;
            case CacheFailure.BadArchive broken -> Reason.HashMismatch;
            case CacheFailure.BadCompression broken -> Reason.HashMismatch;
            case CacheFailure.NoneOf several -> reason(several.failures().getFirst());
            case CacheFailure.NoneOpens several -> reason(several.failures().getFirst());
            case CacheFailure.NotSupported no -> Reason.CopyFailed;
            case CacheFailure.Malformed no -> Reason.CopyFailed;
            case CacheFailure.OtherStore no -> Reason.CopyFailed;
            case CacheFailure.OtherPath no -> Reason.CopyFailed;
            case CacheFailure.Cycle no -> Reason.CopyFailed;
            case CacheFailure.TooManyPaths no -> Reason.CopyFailed;
        };
    }

    private static Reason reason(ServeComplaint complaint) {
        return switch (complaint) {
            case NO_SPACE -> Reason.StoreFull;
            case OTHER_CONTENT -> Reason.HashMismatch;
            case NO_NIX -> Reason.MissingTool;
            case READ_ONLY, NOT_ALLOWED, MISSING_REFERENCE, UNKNOWN -> Reason.CopyFailed;
        };
    }
}
