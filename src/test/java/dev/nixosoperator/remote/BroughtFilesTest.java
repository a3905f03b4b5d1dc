package dev.nixosoperator.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.bench.LocalHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are brought for a job are removed; those of the system are not. */
final class BroughtFilesTest {
    private static final String SCRIPT = Path.of("src/main/resources/dev/nixosoperator/remote/brought-files.sh")
            .toAbsolutePath()
            .toString();

    @TempDir
    Path dir;

    private CommandResult run(String action, Path... files) {
        List<String> argv = new ArrayList<>(List.of("env", "NIXOS_OPERATOR_ROOT=" + dir, "sh", SCRIPT, action));
        Stream.of(files).map(Path::toString).forEach(argv::add);
        return new LocalHost(dir).run(Command.of(argv));
    }

    @Test
    void whatWasClaimedIsForgotten() throws IOException {
        Path key = dir.resolve("-a key");
        assertThat(run("claim", key).ok()).isTrue();
        Files.writeString(key, "secret");
        // After a crash of the operator.
        assertThat(run("claim", key).ok()).isTrue();
        assertThat(run("forget", key).ok()).isTrue();
        assertThat(key).doesNotExist();
        assertThat(dir.resolve("run/nixos-operator/keys")).doesNotExist();
    }

    @Test
    void whatIsThereIsSomebodyElses() throws IOException {
        Path mine = dir.resolve("mine");
        Path theirs = Files.writeString(dir.resolve("theirs"), "secret");
        assertThat(run("claim", mine, theirs)).isEqualTo(new CommandResult.Exited(1, theirs + "\n", ""));
        assertThat(run("forget", mine, theirs).ok()).isTrue();
        assertThat(theirs).hasContent("secret");
    }
}
