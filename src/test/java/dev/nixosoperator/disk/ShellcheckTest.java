package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts are shellcheck-clean: the fixed parts, every recorded body, and one script as it is sent. */
class ShellcheckTest {
    private static final Path RESOURCES = Path.of("src/main/resources/dev/nixosoperator");

    @Test
    void scriptsAreClean(@TempDir Path dir) throws Exception {
        Layout layout = TestLayouts.layout(LayoutTest.SIMPLE);
        Resolution.Resolved resolved = TestFacts.resolved(layout, TestFacts.emptyFor(layout));
        Path whole = dir.resolve("format.bash");
        Files.writeString(
                whole, Scripts.render(layout, resolved, DiskMode.FORMAT_MOUNT).format());
        check(List.of(whole, RESOURCES.resolve("remote/block-devices.sh")), "--color=never");
        check(bodies(), "--shell=bash");
    }

    private static List<Path> bodies() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/resources/layouts"))) {
            // SC2016: that nothing is expanded inside single quotes is what we want.
            return files.filter(f -> f.toString().endsWith(".sh")).sorted().toList();
        }
    }

    private static void check(List<Path> files, String option) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("shellcheck", option, "--exclude=SC2016"));
        files.forEach(f -> command.add(f.toString()));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(out).isZero();
        } catch (IOException e) {
            if ("true".equals(System.getenv("CI"))) {
                fail("shellcheck is missing: " + e.getMessage());
            }
            abort("NOT RUN: shellcheck is missing");
        }
    }
}
