package dev.nixosoperator.remote;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Reads what {@code job.sh} prints: a line with the state ({@code absent}, {@code running PID LOGSIZE}, {@code exited
 * CODE LOGSIZE}, {@code vanished WHY}, {@code locked OWNER}), then the log piece in base64.
 */
final class JobReply {
    private JobReply() {}

    static JobLook look(CommandResult result, long offset) {
        if (!(result instanceof CommandResult.Exited(int code, String out, String err)) || code != 0) {
            return new JobLook(new JobState.Unknown(result), "", offset);
        }
        int end = out.indexOf('\n');
        try {
            JobState state = state(out.substring(0, Math.max(end, 0)));
            byte[] log = Base64.getMimeDecoder().decode(out.substring(end + 1));
            int length = state instanceof JobState.Running ? wholeCharacters(log) : log.length;
            return new JobLook(state, new String(log, 0, length, StandardCharsets.UTF_8), offset + length);
        } catch (IllegalArgumentException nonsense) {
            return new JobLook(new JobState.Unknown(result), "", offset);
        }
    }

    private static JobState state(String line) {
        String[] words = line.split(" ", 2);
        String rest = words.length == 2 ? words[1] : "";
        String[] numbers = rest.split(" ", -1);
        return switch (words[0]) {
            case "absent" -> new JobState.Absent();
            case "running" -> new JobState.Running(numbers[0], size(numbers));
            case "exited" -> new JobState.Exited(Integer.parseInt(numbers[0]), size(numbers));
            case "vanished" -> new JobState.Vanished(rest);
            case "locked" -> new JobState.Locked(rest);
            default -> throw new IllegalArgumentException(line);
        };
    }

    private static long size(String[] numbers) {
        if (numbers.length != 2) {
            throw new IllegalArgumentException("no log size");
        }
        return Long.parseLong(numbers[1]);
    }

    /** How many bytes do not end within a UTF-8 sequence; the rest of the character comes with the next piece. */
    private static int wholeCharacters(byte[] log) {
        for (int back = 1; back <= Math.min(3, log.length); back++) {
            int lead = log[log.length - back] & 0xff;
            if (lead >= 0xc0) {
                int needed = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
                return needed > back ? log.length - back : log.length;
            }
            if (lead < 0x80) {
                return log.length;
            }
        }
        return log.length;
    }
}
