package dev.nixosoperator.remote.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.remote.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the login shell is told; run here without sudo. */
final class ElevationTest {
    private static final Elevation.Fed FED = new Elevation.Fed(Secret.of("s3cret"));

    /** The rules may have changed since the probe: then sudo does not read the password. */
    @Test
    void aPasswordThatSudoDoesNotReadDoesNotReachTheCommand() throws IOException {
        String line = FED.line(List.of("cat")).replaceFirst("^.*? -- ", "");
        assertThat(line).startsWith("sh -c ");
        assertThat(run(line, new String(FED.first(), StandardCharsets.UTF_8) + "data\n-- more"))
                .isEqualTo("data\n-- more");
    }

    @Test
    void noLineHoldsAPassword() {
        List<Elevation> all = List.of(FED, new Elevation.Beside(FED), new Elevation.Typed(Secret.of("s3cret")));
        for (Elevation elevation : all) {
            assertThat(elevation.toString()).doesNotContain("s3cret");
            assertThat(line(elevation)).contains("cat").doesNotContain("s3cret");
        }
    }

    private static String line(Elevation elevation) {
        return switch (elevation) {
            case Elevation.Piped piped -> piped.line(List.of("cat"));
            case Elevation.OnTerminal terminal -> terminal.line(List.of("run"), List.of("cat"));
        };
    }

    private static String run(String line, String input) throws IOException {
        Process process =
                new ProcessBuilder("sh", "-c", line).redirectErrorStream(true).start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
