package dev.nixosoperator.e2e;

import dev.nixosoperator.bench.Lab;
import dev.nixosoperator.bench.LabHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A flake over HTTP, as a tarball, from which a machine of the lab builds its system. */
final class LabFlake implements AutoCloseable {
    private static final String NAME = "flake.tar.gz";
    private static final List<String> SOURCES =
            List.of("build.sh", "init.sh", "activate.sh", "switch-to-configuration.sh");

    private final Path directory;
    private final LabHttp http;

    private LabFlake(Path directory, LabHttp http) {
        this.directory = directory;
        this.http = http;
    }

    static LabFlake serve(Lab lab, Path directory) throws IOException {
        Path source = Files.createDirectories(directory.resolve("source"));
        for (String name : SOURCES) {
            Files.copy(
                    Lab.DIRECTORY.resolve("system").resolve(name),
                    source.resolve(name),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(source.resolve("flake.nix"), flake(lab));
        Path www = Files.createDirectories(directory.resolve("www"));
        LabFlake flake = new LabFlake(directory, LabHttp.serve(www));
        flake.moveBack();
        return flake;
    }

    private static String flake(Lab lab) throws IOException {
        String kargs = Files.readAllLines(Lab.DIRECTORY.resolve("lib.sh")).stream()
                .filter(line -> line.startsWith("KARGS='"))
                .map(line -> line.substring("KARGS='".length(), line.length() - 1))
                .findFirst()
                .orElseThrow();
        String text = resource().replace("@kargs@", kargs);
        for (String part : List.of("busybox", "kernel", "initrd", "userland", "etc")) {
            text = text.replace("@" + part + "@", part(lab, part));
        }
        return text;
    }

    private static String resource() throws IOException {
        try (var text = Objects.requireNonNull(LabFlake.class.getResourceAsStream("flake.nix"))) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** A store path that the lab's own system refers to. */
    private static String part(Lab lab, String name) throws IOException {
        Path cache = Path.of(lab.value("BINARY_CACHE"));
        String hash = lab.toplevelV1().substring("/nix/store/".length()).split("-", 2)[0];
        Matcher matcher = Pattern.compile("[a-z0-9]{32}-lab-" + name + "\\b")
                .matcher(Files.readString(cache.resolve(hash + ".narinfo")));
        if (!matcher.find()) {
            throw new IllegalStateException("the lab's system has no part " + name);
        }
        return "/nix/store/" + matcher.group();
    }

    /** As a {@code LabVm} reaches it. */
    String url() {
        return http.url(NAME).toString();
    }

    /** From now on the same URL is another source. */
    void moveOn() {
        pack("elsewhere");
    }

    /** It is what it was. */
    void moveBack() {
        pack("source");
    }

    private void pack(String name) {
        try {
            Path source = directory.resolve(name);
            if (name.equals("elsewhere")) {
                Files.createDirectories(source);
                Files.writeString(source.resolve("flake.nix"), "{ outputs = { self }: { }; }\n");
            }
            Process packed = new ProcessBuilder(
                            "tar",
                            "-C",
                            directory.toString(),
                            "-czf",
                            directory.resolve(NAME).toString(),
                            name)
                    .inheritIO()
                    .start();
            if (packed.waitFor() != 0) {
                throw new IllegalStateException("tar failed");
            }
            Files.move(
                    directory.resolve(NAME),
                    directory.resolve("www").resolve(NAME),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
