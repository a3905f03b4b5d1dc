package dev.nixosoperator.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.bench.LocalHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FilesTest {
    @TempDir
    Path dir;

    private LocalHost host = new LocalHost(Path.of("unused"));
    private String owner = "";

    @BeforeEach
    void whoAmI() throws IOException {
        host = new LocalHost(dir);
        owner = java.nio.file.Files.getAttribute(dir, "unix:uid") + ":"
                + java.nio.file.Files.getAttribute(dir, "unix:gid");
    }

    @Test
    void writesWithModeAndParents() throws IOException {
        Path file = dir.resolve("a b/-c/it's");
        byte[] content = new byte[300_000];
        content[7] = 42;
        assertThat(write(file, "0640", Stdin.of(content))).isEqualTo(new CommandResult.Exited(0, "", ""));
        assertThat(file).hasBinaryContent(content);
        assertThat(PosixFilePermissions.toString(java.nio.file.Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**/.nixos-operator*");
    }

    @Test
    void replacesWholeOrNotAtAll() throws IOException {
        Path file = dir.resolve("file");
        java.nio.file.Files.writeString(file, "old");
        Stdin broken = Stdin.of(
                100, () -> Stdin.of("half".getBytes(StandardCharsets.UTF_8)).open());
        CommandResult result = write(file, "0600", broken);
        assertThat(result.ok()).isFalse();
        assertThat(result.summary()).contains("4 of 100 bytes");
        assertThat(file).hasContent("old");
        assertThat(dir).isDirectoryNotContaining("glob:**/.nixos-operator*");
        assertThat(write(file, "0600", Stdin.of("new".getBytes(StandardCharsets.UTF_8)))
                        .ok())
                .isTrue();
        assertThat(file).hasContent("new");
    }

    @Test
    void doesNotReplaceDirectories() {
        assertThat(write(dir, "0600", Stdin.of(new byte[0])).summary()).contains("is a directory");
    }

    private CommandResult write(Path file, String mode, Stdin content) {
        return Files.write(host, file.toString(), mode, owner, content);
    }
}
