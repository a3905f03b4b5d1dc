package dev.nixosoperator.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** kubectl as a user runs it, with one kubeconfig. */
record Kubectl(Path binary, Path kubeconfig) {

    /** That of the search path, or else the one that comes with our API server, which may be built for it. */
    static Path onThisMachine() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "kubectl"))
                .filter(Files::isExecutable)
                .findFirst()
                .or(() -> LocalApiServer.assets().map(assets -> assets.resolve("kubectl")))
                .orElseThrow(() -> Missing.prerequisite("kubectl"));
    }

    /**
     * Runs it to its end with {@code stdin}.
     *
     * @return what it wrote to stdout
     * @throws IllegalStateException if it fails, with what it wrote to stderr
     */
    String run(String stdin, String... arguments) {
        List<String> argv = new ArrayList<>(List.of(binary.toString(), "--kubeconfig", kubeconfig.toString()));
        argv.addAll(List.of(arguments));
        try {
            Path input = Files.writeString(Files.createTempFile("kubectl", ".in"), stdin);
            Path errors = Files.createTempFile("kubectl", ".err");
            try {
                Process process = new ProcessBuilder(argv)
                        .redirectInput(input.toFile())
                        .redirectError(errors.toFile())
                        .start();
                String output = new String(process.getInputStream().readAllBytes(), UTF_8);
                if (process.waitFor() != 0) {
                    throw new IllegalStateException(
                            "kubectl " + String.join(" ", arguments) + ": " + Files.readString(errors));
                }
                return output;
            } finally {
                Files.delete(input);
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in kubectl", e);
        }
    }
}
