package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A real sshd on a free port of loopback, with its own keys and configuration; ends with the test. */
final class OpenSshServer implements AutoCloseable {
    private static final String SSHD = "/usr/sbin/sshd";

    private final Path dir;
    private final int port;
    private final Process process;

    /** The directory must be reachable for every user (authorized keys are read as the user). */
    OpenSshServer(Path dir) {
        this.dir = dir;
        try {
            Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.createDirectories(Path.of("/run/sshd")); // privilege separation
            key("host_ed25519", "ed25519", "");
            key("host_rsa", "rsa", "");
            key("user", "ed25519", "");
            key("user_rsa", "rsa", "");
            key("user_ecdsa", "ecdsa", "");
            key("user_locked", "ed25519", "open sesame");
            key("stranger", "ed25519", "");
            Path authorized = dir.resolve("authorized_keys");
            for (String name : List.of("user", "user_rsa", "user_ecdsa", "user_locked")) {
                Files.writeString(
                        authorized,
                        Files.readString(dir.resolve(name + ".pub")),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            Path config = dir.resolve("sshd_config");
            Files.writeString(
                    config,
                    """
                    Port %d
                    ListenAddress 127.0.0.1
                    ListenAddress ::1
                    HostKey %2$s/host_ed25519
                    HostKey %2$s/host_rsa
                    AuthorizedKeysFile %2$s/authorized_keys
                    PidFile none
                    UsePAM no
                    StrictModes no
                    PermitRootLogin prohibit-password
                    MaxStartups 200
                    MaxSessions 50
                    """
                            .formatted(port, dir));
            process = new ProcessBuilder(SSHD, "-D", "-e", "-f", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(dir.resolve("sshd.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await().until(this::answers);
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected() && process.isAlive();
        } catch (IOException notYet) {
            return false;
        }
    }

    Endpoint endpoint(String host, String user) {
        return new Endpoint(host, port, user);
    }

    Secret privateKey(String name) {
        try {
            return Secret.of(Files.readAllBytes(dir.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HostKey publicKey(String name) {
        try {
            return HostKey.parse(Files.readString(dir.resolve(name + ".pub"))).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Processes that serve connections. */
    List<ProcessHandle> connections() {
        return new ArrayList<>(process.children().toList());
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void key(String name, String type, String passphrase) throws IOException {
        exec(
                "ssh-keygen",
                "-q",
                "-t",
                type,
                "-N",
                passphrase,
                "-C",
                name,
                "-f",
                dir.resolve(name).toString());
    }

    /** Runs a program of this machine that must succeed. */
    static void exec(String... argv) {
        try {
            Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
            String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", argv) + ": " + words);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Why these tests cannot run here; empty when they can. */
    static String missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "root, for users are created";
        }
        return List.of(SSHD, "/usr/bin/sudo", "/usr/sbin/useradd").stream()
                .filter(program -> !Files.isExecutable(Path.of(program)))
                .findFirst()
                .orElse("");
    }
}
