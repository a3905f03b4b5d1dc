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
        assertThat(run(line, new String(FED.lines(), StandardCharsets.UTF_8) + "data\n-- more"))
                .isEqualTo("data\n-- more");
    }

    @Test
    void noLineHoldsAPassword() {
        List<Elevation> all = List.of(
                FED,
                new Elevation.Typed(Elevation.Typed.Program.SUDO, Secret.of("s3cret")),
                new Elevation.Typed(Elevation.Typed.Program.DOAS, Secret.of("s3cret")));
        for (Elevation elevation : all) {
            assertThat(elevation.toString()).doesNotContain("s3cret");
            assertThat(line(elevation)).contains("cat").doesNotContain("s3cret");
        }
    }

    private static String line(Elevation elevation) {
        return switch (elevation) {
            case Elevation.Plain plain -> plain.line(List.of("cat"));
            case Elevation.Fed fed -> fed.line(List.of("cat"));
            case Elevation.Typed typed -> typed.line(List.of("cat"));
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
