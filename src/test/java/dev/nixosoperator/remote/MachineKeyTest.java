package dev.nixosoperator.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineKeyTest {
    @TempDir
    private Path dir;

    @Test
    void opensshReadsIt() throws Exception {
        MachineKey key = MachineKey.generate("nixos-operator default/web-1");
        Path file = dir.resolve("key");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, key.privateKey().bytes());
        Process process = new ProcessBuilder("ssh-keygen", "-y", "-P", "", "-f", file.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
                .isEqualTo(key.publicKey());
        assertThat(process.waitFor()).isZero();
    }

    /** Padding depends on the length of the comment. */
    @Test
    void everyOneIsAnotherAndTellsNothing() {
        assertThat(Stream.of("", "a", "ab", "abc", "abcd", "abcde", "abcdef", "abcdefg")
                        .map(MachineKey::generate)
                        .map(MachineKey::publicKey))
                .doesNotHaveDuplicates()
                .allMatch(line -> HostKey.parse(line).isPresent());
        MachineKey key = MachineKey.generate("c");
        assertThat(key.toString()).doesNotContain(key.privateKey().utf8().substring(40, 80));
    }
}
