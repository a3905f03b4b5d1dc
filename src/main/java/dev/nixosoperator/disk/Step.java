package dev.nixosoperator.disk;

import java.util.List;

/** A part of a script with one progress line. */
record Step(String what, List<Command> commands) {
    static Step of(String what, Command... commands) {
        return new Step(what, List.of(commands));
    }
}
