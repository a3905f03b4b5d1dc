package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.bench.Missing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every shell script is shellcheck-clean: those of the repository, every recorded body, and one script as it is sent. */
class ShellcheckTest {
    private static final List<Path> RECORDED =
            List.of(Path.of("src/test/resources/layouts"), Path.of("src/test/resources/render"));
    private static final Pattern NOT_OURS = Pattern.compile("target|\\.(?!ci$).+");
    private static final Pattern SHEBANG = Pattern.compile("^#!.*\\b(ba)?sh\\b");
    /** Bodies are handed over in quotes: that nothing is expanded inside single ones is what we want. */
    private static final String QUOTES = "--exclude=SC2016";

    @Test
    void scriptsOfTheRepositoryAreClean() throws Exception {
        List<Path> scripts = scripts(Path.of(""))
                .filter(file -> RECORDED.stream().noneMatch(file::startsWith))
                .sorted()
                .toList();
        assertThat(scripts)
                .contains(
                        Path.of(".ci/run"),
                        Path.of("hack/test.sh"),
                        Path.of("lab/installer/kexec-run.sh"),
                        Path.of("src/main/resources/dev/nixosoperator/disk/prelude.bash"),
                        Path.of("src/main/resources/dev/nixosoperator/remote/job.sh"));
        check(scripts, "--external-sources", "--source-path=SCRIPTDIR");
    }

    @Test
    void recordedScriptsAreClean() throws Exception {
        List<Path> recorded = new ArrayList<>();
        for (Path directory : RECORDED) {
            recorded.addAll(scripts(directory).toList());
        }
        check(recorded, "--shell=bash", QUOTES);
    }

    @Test
    void aScriptAsItIsSentIsClean(@TempDir Path dir) throws Exception {
        Layout layout = TestLayouts.layout(LayoutTest.SIMPLE);
        Resolution.Resolved resolved = TestFacts.resolved(layout, TestFacts.emptyFor(layout));
        Scripts scripts = Scripts.render(layout, resolved, DiskMode.DESTROY_FORMAT_MOUNT);
        check(List.of(Files.writeString(dir.resolve("format.bash"), scripts.format())), QUOTES);
    }

    private static Stream<Path> scripts(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                if (Files.isDirectory(entry)) {
                    if (!NOT_OURS.matcher(entry.getFileName().toString()).matches()) {
                        scripts(entry).forEach(found::add);
                    }
                } else if (isScript(entry)) {
                    found.add(entry);
                }
            }
        }
        return found.stream();
    }

    private static boolean isScript(Path file) {
        if (file.toString().matches(".*\\.(ba)?sh")) {
            return true;
        }
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.findFirst()
                    .filter(line -> SHEBANG.matcher(line).find())
                    .isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(List<Path> files, String... options) throws InterruptedException {
        assertThat(files).isNotEmpty();
        List<String> command = new ArrayList<>(List.of("shellcheck", "--color=never"));
        command.addAll(List.of(options));
        files.forEach(file -> command.add(file.toString()));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(out).isZero();
        } catch (IOException e) {
            throw Missing.prerequisite("shellcheck: " + e.getMessage());
        }
    }
}
