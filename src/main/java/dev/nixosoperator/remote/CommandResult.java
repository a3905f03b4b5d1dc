package dev.nixosoperator.remote;

import java.time.Duration;

/** How a command ended. Only {@link Exited} and {@link Signalled} prove that it has ended on the machine. */
public sealed interface CommandResult {
    /** The output is UTF-8 with what is not replaced by U+FFFD, cut at {@link Command#maxOutput()}. */
    record Exited(int code, String out, String err) implements CommandResult {}

    /** @param signal name without SIG, such as {@code KILL} */
    record Signalled(String signal, String out, String err) implements CommandResult {}

    /** The connection died or was closed; whether the command runs, ran or will run is unknown. */
    record Lost(String message) implements CommandResult {}

    /** The time was over; the connection is closed, the command may still run. */
    record TimedOut(Duration after) implements CommandResult {}

    default boolean ok() {
        return this instanceof Exited exited && exited.code() == 0;
    }

    /** Whether the machine said how it ended; if not, the connection is what failed, not the command. */
    default boolean ended() {
        return this instanceof Exited || this instanceof Signalled;
    }

    /** One line for a person; with the last line of stderr (else stdout), cut to 300 characters. */
    default String summary() {
        return switch (this) {
            case Exited(int code, String out, String err) -> "exit code " + code + lastLine(out, err);
            case Signalled(String signal, String out, String err) -> "killed by signal " + signal + lastLine(out, err);
            case Lost(String message) -> "connection lost: " + message;
            case TimedOut(Duration after) -> "no end after " + after.toMillis() / 1000.0 + " s";
        };
    }

    private static String lastLine(String out, String err) {
        String text = (err.isBlank() ? out : err).strip();
        String line = text.substring(text.lastIndexOf('\n') + 1);
        return line.isEmpty() ? "" : ": " + (line.length() > 300 ? line.substring(0, 300) + "…" : line);
    }
}
