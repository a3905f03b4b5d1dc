package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.bench.Missing;
import dev.nixosoperator.disk.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gate asks of the installer for each key, as its shell answers. */
class GateKeyTest {
    /** It is there wherever loop devices are; nothing is attached to the last of them, and how long it is is played. */
    private static final Path DEVICE = Path.of("/dev/loop7");

    @TempDir
    Path dir;

    private boolean has(Path path, long offset, long size) throws IOException {
        var key = new KeyFile(path.toString(), KeyFile.Form.RAW, offset, size);
        var builder = new ProcessBuilder(GateStep.hasKey(key).argv());
        builder.environment().put("PATH", dir + ":" + System.getenv("PATH"));
        return builder.start().onExit().join().exitValue() == 0;
    }

    @Test
    void aFileHoldsAllOfTheKey() throws Exception {
        Path file = Files.writeString(dir.resolve("key"), "secret");
        assertThat(has(file, 0, 0)).isTrue();
        assertThat(has(file, 2, 4)).isTrue();
        assertThat(has(file, 2, 5)).isFalse();
        assertThat(has(Files.writeString(dir.resolve("empty"), ""), 0, 0)).isFalse();
        assertThat(has(dir.resolve("absent"), 0, 0)).isFalse();
        assertThat(has(dir, 0, 0)).isFalse();
    }

    @Test
    void aDeviceDoesWhereTheKeyHasASize() throws Exception {
        if (!Files.isReadable(DEVICE)) {
            throw Missing.prerequisite("a readable " + DEVICE);
        }
        Path played = Files.writeString(dir.resolve("blockdev"), "#!/bin/sh\necho 8192\n");
        Files.setPosixFilePermissions(played, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(has(DEVICE, 0, 8192)).isTrue();
        assertThat(has(DEVICE, 4096, 4097)).isFalse();
        assertThat(has(DEVICE, 0, 0)).isFalse();
    }
}
