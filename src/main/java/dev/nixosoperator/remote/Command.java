package dev.nixosoperator.remote;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to run. Secrets never go into {@code argv}, which every user of the machine can read: they go through stdin.
 *
 * @param argv program and arguments, passed on byte for byte, whatever they hold (but not NUL)
 * @param stdin what the program reads; null: it reads end of file at once, if nobody speaks with it
 * @param dialogue speaks with the program, whose stdout is no part of the result then; null: nobody does
 * @param timeout for the whole command, the transfer of stdin included; of a dialogue: the longest time without a byte
 *     in either direction
 * @param maxOutput bytes kept of stdout and of stderr each; what is more is cut with a mark
 */
public record Command(
        List<String> argv, @Nullable Stdin stdin, @Nullable Dialogue dialogue, Duration timeout, int maxOutput) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);
    public static final int DEFAULT_MAX_OUTPUT = 4 << 20;

    public Command {
        argv = List.copyOf(argv);
        if (argv.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
    }

    public static Command of(String... argv) {
        return of(List.of(argv));
    }

    public static Command of(List<String> argv) {
        return new Command(argv, null, null, DEFAULT_TIMEOUT, DEFAULT_MAX_OUTPUT);
    }

    /**
     * Runs a resource script with arguments: {@code sh -c TEXT NAME ARGS…}. The text is one argument, so that stdin
     * stays free for data.
     */
    public static Command script(Script script, String... args) {
        return script(script, List.of(args));
    }

    public static Command script(Script script, List<String> args) {
        return of(Stream.concat(Stream.of("sh", "-c", script.text(), script.name()), args.stream())
                .toList());
    }

    public Command withStdin(Stdin content) {
        return new Command(argv, content, null, timeout, maxOutput);
    }

    public Command withStdin(byte[] content) {
        return withStdin(Stdin.of(content));
    }

    /** Instead of content that is known before. */
    public Command withDialogue(Dialogue speaker) {
        return new Command(argv, null, speaker, timeout, maxOutput);
    }

    public Command withTimeout(Duration limit) {
        return new Command(argv, stdin, dialogue, limit, maxOutput);
    }

    public Command withMaxOutput(int bytes) {
        return new Command(argv, stdin, dialogue, timeout, bytes);
    }
}
