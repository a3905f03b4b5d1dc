package dev.nixosoperator.phase;

import dev.nixosoperator.remote.JobLook;
import dev.nixosoperator.remote.JobState;
import dev.nixosoperator.remote.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A job's log as far as it was read: whole lines, the last of them kept. However much a machine writes, and whatever, it
 * takes little memory and few round trips.
 */
final class JobLog {
    private static final int TAIL = 20;
    private static final int KEPT = 400;
    /** Characters of a line; the rest of it is for the machine's own log. */
    private static final int LONGEST_LINE = 500;
    /** Who is this far behind, in bytes, reads on near the end: all that counts stands there. */
    private static final long FAR = 2L << 20;

    private static final long NEAR = 256L << 10;

    private final Consumer<String> lines;
    private final List<String> kept = new ArrayList<>();
    private String rest = "";
    private String failed = "";
    private long offset;
    private boolean atEnd;

    JobLog(Consumer<String> lines) {
        this.lines = lines;
    }

    /** Where to read on, in bytes. */
    long offset() {
        return offset;
    }

    /** What a {@code ::failed} line named; empty without one. */
    String failed() {
        return failed;
    }

    /** @return whether there was anything new */
    boolean take(JobLook look) {
        boolean news = look.nextOffset() > offset;
        atEnd = !news;
        offset = look.nextOffset();
        String text = rest + look.newLog().replace('\r', '\n');
        int end = text.lastIndexOf('\n') + 1;
        rest = head(text.substring(end));
        text.substring(0, end).lines().filter(line -> !line.isBlank()).forEach(this::line);
        skip(size(look.state()));
        return news;
    }

    /** Whether there is more to read than was read; a log that is shorter than it was said to be has its end where it ends. */
    boolean isBehind(long size) {
        return offset < size && !atEnd;
    }

    private static long size(JobState state) {
        return switch (state) {
            case JobState.Running running -> running.logSize();
            case JobState.Exited exited -> exited.logSize();
            case JobState.Absent absent -> 0;
            case JobState.Vanished vanished -> 0;
            case JobState.Locked locked -> 0;
            case JobState.Unknown unknown -> 0;
        };
    }

    private void skip(long size) {
        if (size - offset > FAR) {
            line("[… %d bytes of the log are left out]".formatted(size - NEAR - offset));
            rest = "";
            offset = size - NEAR;
        }
    }

    private static String head(String line) {
        // Longer than a line may be, so that it is seen to be cut.
        return line.length() > 2 * LONGEST_LINE ? line.substring(0, 2 * LONGEST_LINE) : line;
    }

    private void line(String raw) {
        String line = Printable.text(raw, LONGEST_LINE);
        if (line.startsWith("::failed ")) {
            failed = line.substring("::failed ".length());
        } else if (!line.startsWith("::alive ")) {
            kept.add(line);
        }
        if (kept.size() > KEPT) {
            kept.removeFirst();
        }
        lines.accept(line);
    }

    /** The last lines, the one without a line end too. */
    List<String> all() {
        if (!rest.isBlank()) {
            line(rest);
            rest = "";
        }
        return List.copyOf(kept);
    }

    List<String> tail() {
        return tail(kept);
    }

    static List<String> tail(List<String> log) {
        return List.copyOf(log.subList(Math.max(0, log.size() - TAIL), log.size()));
    }
}
