package dev.nixosoperator.remote.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Real users of this machine, with what sudo and doas say about them; all goes with the test. */
final class TestUsers implements AutoCloseable {
    private static final Path DOAS = Path.of("/etc/doas.conf");

    private final String prefix;
    private final List<String> names = new ArrayList<>();
    private final @Nullable String doasBefore;
    private final List<String> doas = new ArrayList<>();

    /** @param prefix of the names; what an earlier run left behind under it goes */
    TestUsers(String prefix) {
        this.prefix = prefix;
        this.doasBefore = Files.exists(DOAS) ? read(DOAS) : null;
        OpenSshServer.exec(
                "sh",
                "-c",
                "for user in $(cut -d: -f1 /etc/passwd | grep \"^$1\"); do userdel --force --remove \"$user\" 2> /dev/null;"
                        + " done; rm -f \"/etc/sudoers.d/$1\"*",
                "clean",
                prefix);
    }

    /** @param password null: the account has none, and is not locked either */
    String add(String name, @Nullable String password) {
        String user = prefix + name;
        // '*' is no password but not locked either; OpenSSH without PAM refuses locked users
        OpenSshServer.exec("useradd", "--create-home", "--shell", "/bin/bash", "--password", "*", user);
        if (password != null) {
            OpenSshServer.exec("sh", "-c", "echo \"$1:$2\" | chpasswd", "passwd", user, password);
        }
        names.add(user);
        return user;
    }

    /** @param rules lines of sudoers; {@code %s} is the user */
    String sudoer(String name, @Nullable String password, String... rules) {
        String user = add(name, password);
        write(Path.of("/etc/sudoers.d/" + user), String.join("\n", rules).replace("%s", user) + "\n");
        return user;
    }

    /** @param rule a line of doas.conf; {@code %s} is the user */
    String doer(String name, @Nullable String password, String rule) {
        String user = add(name, password);
        doas.add(rule.replace("%s", user));
        write(DOAS, String.join("\n", doas) + "\n");
        return user;
    }

    @Override
    public void close() {
        try {
            for (String user : names) {
                Files.deleteIfExists(Path.of("/etc/sudoers.d/" + user));
                OpenSshServer.exec("userdel", "--force", "--remove", user);
            }
            if (doasBefore != null) {
                write(DOAS, doasBefore);
            } else if (!doas.isEmpty()) {
                Files.delete(DOAS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
