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
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real sshd on a free port of loopback, with its own keys and configuration; ends with the test. */
final class OpenSshServer implements AutoCloseable {
    private static final String SSHD = "/usr/sbin/sshd";

    private static final String RSA =
            """
            HostKey %1$s/host_rsa
            TrustedUserCAKeys %1$s/ca.pub
            """;

    private final Path dir;
    private final int port;
    private final Process process;

    /** The directory must be reachable for every user (authorized keys are read as the user). */
    OpenSshServer(Path dir) {
        this(dir, dir.resolve("authorized_keys").toString(), "MaxStartups 200", "MaxSessions 50");
    }

    OpenSshServer(Path dir, String authorizedKeys, String... settings) {
        this(dir, authorizedKeys, true, settings);
    }

    /**
     * As a distribution sets it up, but cheap, for fifty logins at once: without keys of RSA, with the key exchange that
     * costs least, and with a home of its own, where no profile does anything.
     */
    static OpenSshServer plain(Path dir, String setting) {
        String[] settings = {setting, "SetEnv HOME=" + dir, "KexAlgorithms curve25519-sha256"};
        return new OpenSshServer(dir, dir.resolve("authorized_keys").toString(), false, settings);
    }

    /**
     * @param authorizedKeys where sshd looks for them; the file of the other constructor is made anyhow
     * @param rsa whether there are keys and an authority of RSA
     * @param settings lines of sshd_config that win over those below
     */
    private OpenSshServer(Path dir, String authorizedKeys, boolean rsa, String[] settings) {
        this.dir = dir;
        try {
            Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.createDirectories(Path.of("/run/sshd")); // privilege separation
            key("host_ed25519", "ed25519", "");
            key("user", "ed25519", "");
            key("user_ecdsa", "ecdsa", "");
            key("user_locked", "ed25519", "open sesame");
            key("stranger", "ed25519", "");
            if (rsa) {
                for (String name : List.of("host_rsa", "user_rsa", "ca", "certified")) {
                    key(name, "rsa", "");
                }
            }
            Path authorized = dir.resolve("authorized_keys");
            Files.deleteIfExists(authorized);
            List<String> users = List.of("user", "user_ecdsa", "user_locked", "user_rsa");
            for (String name : rsa ? users : users.subList(0, 3)) {
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
                    %4$s
                    %5$s
                    Port %1$d
                    ListenAddress 127.0.0.1
                    ListenAddress ::1
                    HostKey %2$s/host_ed25519
                    AuthorizedKeysFile %3$s
                    PidFile none
                    UsePAM no
                    StrictModes no
                    PermitRootLogin prohibit-password
                    """
                            .formatted(
                                    port,
                                    dir,
                                    authorizedKeys,
                                    String.join("\n", settings),
                                    rsa ? RSA.formatted(dir) : ""));
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

    String log() {
        try {
            return Files.readString(dir.resolve("sshd.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many logins it accepted. */
    long logins() {
        try (Stream<String> lines = Files.lines(dir.resolve("sshd.log"))) {
            return lines.filter(line -> line.startsWith("Accepted ")).count();
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

    /** A certificate of the authority for the key, as ssh-keygen makes it with these further arguments. */
    Secret certificate(String key, String... args) {
        return certificateBy("ca", key, args);
    }

    Secret certificateBy(String authority, String key, String... args) {
        List<String> argv = new ArrayList<>(List.of("ssh-keygen", "-q", "-I", "test", "-s", file(authority)));
        argv.addAll(List.of(args));
        argv.add(file(key + ".pub"));
        exec(argv.toArray(String[]::new));
        return privateKey(key + "-cert.pub");
    }

    String file(String name) {
        return dir.resolve(name).toString();
    }

    /** Servers in one directory have the same keys. */
    private void key(String name, String type, String passphrase) throws IOException {
        if (Files.exists(dir.resolve(name))) {
            return;
        }
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

    /** Runs a program of this machine that must succeed; what it says. */
    static String exec(String... argv) {
        try {
            Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
            String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", argv) + ": " + words);
            }
            return words;
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
        return List.of(SSHD, "/usr/bin/sudo", "/usr/bin/doas", "/usr/sbin/useradd").stream()
                .filter(program -> !Files.isExecutable(Path.of(program)))
                .findFirst()
                .orElse("");
    }
}
