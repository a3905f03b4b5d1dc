package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.bench.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The Nix of the lab's tools tree, on this machine.
 *
 * @param directory that it sees at the same place; the same each time, for the tools tree keeps the mount point
 * @param store a directory that is its {@code /nix}
 */
record RealNix(Path directory, Path store) {
    Process start(String... command) {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(
                        Stream.of(
                                "bash",
                                "-euc",
                                ". lab/lib.sh; in_tools \"$@\"",
                                "nix",
                                Lab.get().value("TOOLS"),
                                directory.toString()),
                        Stream.concat(
                                Stream.of(
                                        "env",
                                        "NIX_CONFIG=build-users-group =\nsubstituters =\nextra-experimental-features = nix-command"),
                                Stream.of(command)))
                .toList());
        builder.environment().put("NIX_DIR", store.toString());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How a command ended, and what it printed. */
    record Ended(int code, String out, String err) {}

    Ended run(String... command) throws Exception {
        Process process = start(command);
        process.getOutputStream().close();
        // beside, for neither may be full while the other is read
        FutureTask<String> errors =
                new FutureTask<>(() -> new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        Thread.ofVirtual().start(errors);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, errors.get());
    }

    /** What it prints; fails when it fails. */
    String output(String... command) throws Exception {
        Ended ended = run(command);
        assertThat(ended.code()).as(ended.err()).isZero();
        return ended.out();
    }

    /**
     * @param result of the talk
     * @param err what the server wrote to standard error
     */
    record Served<T>(T result, String err) {}

    <T> Served<T> served(ServeDouble.Talk<T> talk, String... command) throws Exception {
        Process process = start(command);
        try {
            T result = talk.with(process.getInputStream(), process.getOutputStream());
            close(process);
            return new Served<>(result, new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        } finally {
            close(process);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    /** What is not written yet has nobody any more who would read it. */
    private static void close(Process process) {
        try {
            process.getOutputStream().close();
        } catch (IOException brokenPipe) {
            return;
        }
    }

    /** All below, also what is read-only, as in a store. */
    static void remove(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!Files.isSymbolicLink(path)) {
                    assertThat(path.toFile().setWritable(true)).isTrue();
                }
                Files.delete(path);
            }
        }
    }
}
