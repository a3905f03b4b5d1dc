package dev.nixosoperator.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a local program. Its output goes through files: a daemon that inherits a pipe would keep it open for ever. */
final class Run {
    record Result(int exit, String out, String err) {
        /** What it printed, without the last newline; fails when the program failed. */
        String ok() {
            if (exit != 0) {
                throw new AssertionError("exit " + exit + "\n" + out + err);
            }
            return out.stripTrailing();
        }
    }

    private Run() {}

    static Result run(Duration deadline, Map<String, String> environment, List<String> command) {
        try {
            Path out = Files.createTempFile("lab", ".out");
            Path err = Files.createTempFile("lab", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                boolean ended = false;
                try {
                    ended = process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
                } finally {
                    if (!ended) {
                        process.descendants().forEach(ProcessHandle::destroyForcibly);
                        process.destroyForcibly();
                    }
                }
                String printed = Files.readString(out, StandardCharsets.ISO_8859_1);
                String errors = Files.readString(err, StandardCharsets.ISO_8859_1);
                return ended
                        ? new Result(process.exitValue(), printed, errors)
                        : new Result(
                                124, printed, errors + "\nnot ended after " + deadline.toSeconds() + " s: " + command);
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: " + command, e);
        }
    }
}
