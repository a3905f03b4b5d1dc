package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.nix.PathInfo;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Script;
import java.util.List;
import java.util.Optional;

/** Whether what is still to be copied fits into the store under {@code /mnt}. */
final class Room {
    private static final Script ROOM = Script.load("room.sh");

    private Room() {}

    /** With numbers; empty where it fits, or where sizes say nothing because the filesystem packs. */
    static Optional<Failed> missing(Visit visit, Closure closure) {
        CommandResult result = visit.host().run(Command.script(ROOM));
        if (!(result instanceof CommandResult.Exited exited)) {
            return Optional.of(Failed.of(
                    Reason.ConnectionLost, "the machine did not tell the room in its store: " + result.summary()));
        }
        Reading reading = Reading.parse(exited.out());
        long wanted = closure.paths().stream()
                .filter(info -> !reading.yes("has." + base(info)))
                .mapToLong(PathInfo::narSize)
                .sum();
        return reading.number("free")
                .filter(free -> !reading.yes("packed") && wanted >> 10 > free)
                .map(free -> new Failed(
                        Reason.StoreFull,
                        ("the system needs %d MiB more (of %d MiB in all), and the filesystem under /mnt that holds"
                                        + " /nix/store has %d MiB free; make it larger in the layout and install anew, or"
                                        + " make the system smaller")
                                .formatted(wanted >> 20, closure.bytes() >> 20, free >> 10),
                        List.of(),
                        visit.seen()));
    }

    private static String base(PathInfo info) {
        return info.path().substring(info.path().lastIndexOf('/') + 1);
    }
}
