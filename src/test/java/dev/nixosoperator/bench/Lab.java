package dev.nixosoperator.bench;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What {@code lab/build.sh} built: images, keys, store paths. The first call builds what is not in the cache. */
public final class Lab {
    /** The name of this machine seen from a {@link LabVm}. */
    public static final String HOST = "10.0.2.2";

    /** How build.sh ends where it cannot work at all. */
    private static final int CANNOT = 3;

    public static final Path DIRECTORY = Path.of("lab").toAbsolutePath();

    private static @Nullable Lab instance;

    private final Path file;
    private final Properties properties;

    private Lab(Path file, Properties properties) {
        this.file = file;
        this.properties = properties;
    }

    /** The lab. Where it cannot be built the test counts as not run, in CI ({@code CI=true}) as failed. */
    public static synchronized Lab get() {
        Lab lab = instance;
        if (lab == null) {
            lab = build();
            instance = lab;
        }
        return lab;
    }

    private static Lab build() {
        Run.Result result = step(
                "lab/build.sh",
                () -> Run.run(
                        Duration.ofMinutes(30),
                        Map.of(),
                        List.of(DIRECTORY.resolve("build.sh").toString())));
        System.out.print(result.err());
        if (result.exit() != 0) {
            if (result.exit() == CANNOT) {
                throw Missing.prerequisite(result.err().strip());
            }
            throw new AssertionError("lab/build.sh: exit " + result.exit() + "\n" + result.err());
        }
        Path file = Path.of(result.out().strip());
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Lab(file, properties);
    }

    /** The file itself, for {@code lab/vm.sh}. */
    Path file() {
        return file;
    }

    /** Where a saved machine of this shape is kept, beside what it is made of. */
    Path saved(List<String> shape) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Files.readAllBytes(DIRECTORY.resolve("vm.sh")));
            for (String part : List.of(value("TARGET_IMAGE"), value("TOOLS"), shape.toString())) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
            }
            String name = "saved-" + HexFormat.of().formatHex(digest.digest(), 0, 6);
            return Path.of(value("TOOLS")).resolveSibling(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A value by its name in the file. */
    public String value(String key) {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("lab/build.sh says nothing about " + key);
        }
        return value;
    }

    /** Private key that root and the sudo user {@code admin} of every machine accept. */
    public Path sshKey() {
        return Path.of(value("SSH_KEY"));
    }

    /** The target's host key as a line of OpenSSH, {@code ssh-ed25519 AAAA...}. */
    public String targetHostKey() {
        try {
            String[] fields =
                    Files.readString(Path.of(value("TARGET_HOST_KEY"))).split("\\s+", 3);
            return fields[0] + " " + fields[1];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kexec installer archive, a {@code .tar.gz}. */
    public Path installer() {
        return Path.of(value("INSTALLER"));
    }

    public String installerSha256() {
        return value("INSTALLER_SHA256");
    }

    /** A system that boots. */
    public String toplevelV1() {
        return value("TOPLEVEL_V1");
    }

    /** Another, of more than 300 paths. */
    public String toplevelMany() {
        return value("TOPLEVEL_MANY");
    }

    /** The key with which {@link #serveBinaryCache()} is signed. */
    public String publicKey() {
        return value("BINARY_CACHE_PUBLIC_KEY");
    }

    /** Serves the signed binary cache of all systems. */
    public LabHttp serveBinaryCache() {
        return LabHttp.serve(binaryCache());
    }

    /** A directory with all of them. */
    public Path binaryCache() {
        return Path.of(value("BINARY_CACHE"));
    }

    /** A key with which nothing is signed. */
    public String wrongPublicKey() {
        return value("WRONG_PUBLIC_KEY");
    }

    /** Serves the installer archive, see {@link LabHttp#url(String)}. */
    public LabHttp serveInstaller() {
        return LabHttp.serve(installer().resolveSibling("."));
    }

    /** Runs a step and prints the seconds it took. */
    public static <T> T step(String name, Callable<T> step) {
        long start = System.nanoTime();
        try {
            return step.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(name, e);
        } finally {
            System.out.printf(Locale.ROOT, "%-40s %7.1f s%n", name, (System.nanoTime() - start) / 1e9);
        }
    }
}
