package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.bench.Missing;
import dev.nixosoperator.remote.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code authorize-key.sh}, run by a real shell on a directory that stands for a machine. */
class AuthorizeKeyTest {
    private static final String KEY = "ssh-ed25519 AAAA nixos-operator default/web-1";
    private static final String OTHER = "ssh-rsa BBBB me@home";

    @TempDir
    private Path root;

    private record Ran(int code, String out) {}

    @BeforeEach
    void users() throws IOException {
        write("etc/passwd", "root:x:0:0::/root:/bin/sh\nadmin:x:1000:100::/home/admin:/bin/sh\n");
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    private String read(String path) throws IOException {
        return Files.readString(root.resolve(path));
    }

    private void sshdSays(String authorizedKeysFile) throws IOException {
        write("usr/sbin/sshd", "#!/bin/sh\necho port 22\necho authorizedkeysfile " + authorizedKeysFile + "\n");
        Files.setPosixFilePermissions(root.resolve("usr/sbin/sshd"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Ran run(String stdin, String... args) throws Exception {
        List<String> argv = new ArrayList<>(
                List.of("/bin/sh", "-c", Script.load("authorize-key.sh").text(), "authorize-key.sh"));
        argv.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
        builder.environment().put("NIXOS_OPERATOR_ROOT", root.toString());
        Process process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(stdin.getBytes(StandardCharsets.UTF_8));
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out);
    }

    private Ran authorize(String verb, String... users) throws Exception {
        List<String> args = new ArrayList<>(List.of(verb, Integer.toString(KEY.length())));
        args.addAll(List.of(users));
        Ran ran = run(KEY, args.toArray(String[]::new));
        return ran;
    }

    private void does(String verb, String... users) throws Exception {
        assertThat(authorize(verb, users)).isEqualTo(new Ran(0, ""));
    }

    @Test
    void addsTheKeyOnceAndKeepsTheOthers() throws Exception {
        write("root/.ssh/authorized_keys", OTHER); // without line end
        does("add", "root", "admin");
        does("add", "root", "admin");
        assertThat(read("root/.ssh/authorized_keys")).isEqualTo(OTHER + "\n" + KEY + "\n");
        assertThat(read("home/admin/.ssh/authorized_keys")).isEqualTo(KEY + "\n");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(root.resolve("home/admin/.ssh/authorized_keys"))))
                .isEqualTo("rw-------");
        assertThat(Files.getAttribute(root.resolve("home/admin/.ssh"), "unix:uid"))
                .isEqualTo(1000);
    }

    @Test
    void removesTheKeyAndNothingElse() throws Exception {
        write("root/.ssh/authorized_keys", OTHER + "\n");
        does("add", "root", "admin");
        does("remove", "root", "admin", "nobody-of-that-name");
        assertThat(read("root/.ssh/authorized_keys")).isEqualTo(OTHER + "\n");
        assertThat(read("home/admin/.ssh/authorized_keys")).isEmpty();
        does("remove", "root", "admin");
        try (var left = Files.list(root.resolve("root/.ssh"))) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).containsExactly("authorized_keys");
        }
    }

    @Test
    void whereNothingIsThereNothingIsRemovedNorMade() throws Exception {
        does("remove", "root", "admin");
        assertThat(root.resolve("root")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "%h/.ssh/authorized_keys .ssh/authorized_keys2, home/admin/.ssh/authorized_keys",
        "/etc/ssh/authorized_keys.d/%u,                 etc/ssh/authorized_keys.d/admin",
        "/etc/keys/%U/a%%b,                             etc/keys/1000/a%b",
        ".ssh/mine,                                     home/admin/.ssh/mine"
    })
    void goesWhereSshdLooks(String authorizedKeysFile, String path) throws Exception {
        sshdSays(authorizedKeysFile);
        does("add", "root", "admin");
        assertThat(read(path)).isEqualTo(KEY + "\n");
        assertThat(read("root/.ssh/authorized_keys"))
                .as("kexec/run reads root's usual file")
                .isEqualTo(KEY + "\n");
        does("remove", "root", "admin");
        assertThat(read(path)).isEmpty();
        assertThat(read("root/.ssh/authorized_keys")).isEmpty();
    }

    @Test
    void aFileThatSshdReadsAsTheUserIsReadableForIt() throws Exception {
        sshdSays("/etc/ssh/authorized_keys.d/%u");
        does("add", "admin");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(root.resolve("etc/ssh/authorized_keys.d/admin"))))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void sshdThatReadsNoFileIsTold() throws Exception {
        sshdSays("none");
        assertThat(authorize("add", "root", "admin"))
                .isEqualTo(new Ran(3, "sshd reads no file of authorized keys for admin (AuthorizedKeysFile none)\n"));
    }

    @Test
    void anImmutableFileIsTold() throws Exception {
        write("root/.ssh/authorized_keys", OTHER + "\n");
        Path file = root.resolve("root/.ssh/authorized_keys");
        if (new ProcessBuilder("chattr", "+i", file.toString()).start().waitFor() != 0) {
            throw Missing.prerequisite("a filesystem with immutable files, and the right to make them");
        }
        try {
            assertThat(authorize("add", "root"))
                    .isEqualTo(new Ran(
                            3,
                            "/root/.ssh/authorized_keys is immutable; allow changes with: chattr -ia"
                                    + " /root/.ssh/authorized_keys\n"));
        } finally {
            new ProcessBuilder("chattr", "-i", file.toString()).start().waitFor();
        }
    }

    @Test
    void aFileThatCannotBeMadeIsTold() throws Exception {
        write("root/.ssh", "a file where a directory should be");
        assertThat(authorize("add", "root").code()).isEqualTo(3);
        assertThat(authorize("add", "root").out()).contains("/root/.ssh/authorized_keys cannot be written");
    }

    @Test
    void halfAKeyIsNotAdded() throws Exception {
        assertThat(run("ssh-ed255", "add", "45", "root")).isEqualTo(new Ran(1, "9 of 45 bytes of the key arrived\n"));
        assertThat(root.resolve("root")).doesNotExist();
    }

    @Test
    void aLinkStaysALink() throws Exception {
        write("home/admin/dotfiles/keys", OTHER + "\n");
        Files.createDirectories(root.resolve("home/admin/.ssh"));
        Files.createSymbolicLink(root.resolve("home/admin/.ssh/authorized_keys"), Path.of("../dotfiles/keys"));
        does("add", "admin");
        does("remove", "admin");
        assertThat(read("home/admin/dotfiles/keys")).isEqualTo(OTHER + "\n");
        assertThat(root.resolve("home/admin/.ssh/authorized_keys")).isSymbolicLink();
    }

    @Test
    void copiesTheKeysOfAUserToRoot() throws Exception {
        sshdSays("%h/.ssh/authorized_keys /etc/ssh/authorized_keys.d/%u");
        write("home/admin/.ssh/authorized_keys", "# mine\n\n" + OTHER + "\n");
        write("etc/ssh/authorized_keys.d/admin", KEY);
        write("root/.ssh/authorized_keys", OTHER + "\n");
        for (int time = 1; time <= 2; time++) {
            assertThat(run("", "copy", "admin", "root")).isEqualTo(new Ran(0, ""));
            assertThat(read("root/.ssh/authorized_keys")).isEqualTo(OTHER + "\n" + KEY + "\n");
        }
    }
}
