package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.nixosoperator.hash.Sha256;
import dev.nixosoperator.remote.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kexec.sh} run here, with real archives, from a real HTTP server, by either program that downloads. */
class KexecScriptTest {
    private static final String LEAVING = "machine will boot into nixos in 6s...";
    /** Understands what upstream's does, and tells it. */
    private static final String RUN = "#!/bin/sh\n# --kexec-extra-flags\necho \"$#:$*\"\necho " + LEAVING + "\n";

    private static final List<String> TOOLS = List.of(
            "mkdir",
            "rm",
            "mv",
            "head",
            "od",
            "tr",
            "tar",
            "gzip",
            "sha256sum",
            "cut",
            "touch",
            "wc",
            "grep",
            "timeout");

    @TempDir
    private Path root;

    private Path work;
    private Path tools;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        work = Files.createDirectories(root.resolve("work"));
        tools = Files.createDirectories(root.resolve("tools"));
        have(TOOLS);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** The machine's programs: these and no others. */
    private void have(List<String> programs) throws IOException {
        for (String program : programs) {
            Path there = List.of(Path.of("/usr/bin", program), Path.of("/bin", program)).stream()
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("this test needs " + program));
            Path here = Files.writeString(tools.resolve(program), "#!/bin/sh\nexec " + there + " \"$@\"\n");
            assertThat(here.toFile().setExecutable(true)).isTrue();
        }
    }

    private List<String> kexec(String url, String sha256, String flags) throws Exception {
        String script = Path.of(Objects.requireNonNull(Script.class.getResource("kexec.sh"))
                        .toURI())
                .toString();
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", script, work.toString(), url, sha256, "20", flags)
                .redirectErrorStream(true);
        builder.environment().put("PATH", tools.toString());
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return out.lines().filter(line -> !line.startsWith("::step")).toList();
    }

    private Path pack(String how, String run) throws Exception {
        Path dir = Files.createDirectories(root.resolve("src/kexec"));
        Path script = Files.writeString(dir.resolve("run"), run);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Path archive = work.resolve("archive");
        List<String> argv = new ArrayList<>(List.of("tar", "-C", root + "/src", "-cf", archive.toString(), "kexec"));
        if (!how.isEmpty()) {
            argv.add(1, how);
        }
        assertThat(new ProcessBuilder(argv).start().waitFor()).isZero();
        return archive;
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "--gzip, ''", "--xz, xz", "--zstd, zstd"})
    void unpacksEveryKindOfArchiveByItsContent(String how, String unpacker) throws Exception {
        have(unpacker.isEmpty() ? List.of() : List.of(unpacker));
        pack(how, RUN);
        assertThat(kexec("", "", "")).containsExactly("0:", LEAVING);
        assertThat(work.resolve("archive")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"--xz, xz", "--zstd, zstd"})
    void namesTheProgramThatTheMachineLacks(String how, String unpacker) throws Exception {
        pack(how, RUN);
        assertThat(kexec("", "", ""))
                .hasSize(2)
                .anyMatch(line -> line.contains("packed with " + unpacker))
                .endsWith("::failed tool");
    }

    @Test
    void anArchiveThatIsNoneOrEndsEarlyIsNotRun() throws Exception {
        Files.writeString(work.resolve("archive"), "not an archive");
        assertThat(kexec("", "", "")).endsWith("::failed unpack");
        Path archive = pack("--gzip", RUN);
        byte[] whole = Files.readAllBytes(archive);
        Files.write(archive, Arrays.copyOf(whole, whole.length - 8));
        assertThat(kexec("", "", "")).endsWith("::failed unpack").doesNotContain(LEAVING);
    }

    @Test
    void anArchiveWithAnotherSumIsNotRun() throws Exception {
        String sum = sum(pack("--gzip", RUN));
        assertThat(kexec("", "0".repeat(64), ""))
                .anyMatch(line -> line.contains(sum))
                .endsWith("::failed checksum");
        assertThat(kexec("", sum, "")).contains(LEAVING);
    }

    private static String sum(Path file) throws IOException {
        return HexFormat.of().formatHex(Sha256.digest().digest(Files.readAllBytes(file)));
    }

    @Test
    void extraFlagsAreOneArgument() throws Exception {
        pack("--gzip", RUN);
        assertThat(kexec("", "", "--reset-vga --mem-min=0x1000"))
                .containsExactly("2:--kexec-extra-flags --reset-vga --mem-min=0x1000", LEAVING);
    }

    @Test
    void eachTryAfterTheFirstTakesAnotherSystemCall() throws Exception {
        List<String> flags = new ArrayList<>();
        for (int attempt = 1; attempt <= 4; attempt++) {
            pack("--gzip", RUN);
            flags.add(kexec("", "", attempt == 3 ? "--debug" : "").getFirst());
        }
        assertThat(flags)
                .containsExactly(
                        "0:",
                        "2:--kexec-extra-flags --kexec-syscall",
                        "2:--kexec-extra-flags --debug --kexec-file-syscall",
                        "0:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-c", "-s", "-a", "--kexec-syscall-auto", "--x --kexec-file-syscall"})
    void aSystemCallThatIsAskedForStays(String given) throws Exception {
        for (int attempt = 1; attempt <= 2; attempt++) {
            pack("--gzip", RUN);
            assertThat(kexec("", "", given)).startsWith("2:--kexec-extra-flags " + given);
        }
    }

    @Test
    void anImageThatTakesNoFlagsIsGivenNone() throws Exception {
        String old = RUN.replace("# --kexec-extra-flags\n", "");
        for (int attempt = 1; attempt <= 2; attempt++) {
            pack("--gzip", old);
            assertThat(kexec("", "", "")).containsExactly("0:", LEAVING);
        }
        pack("--gzip", old);
        assertThat(kexec("", "", "--debug")).containsExactly("::failed flags");
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** What it answers to a path, and how many bytes it says that will be. */
    private void serve(String path, byte[] body, long announced) {
        server.createContext(path, exchange -> answer(exchange, body, announced));
    }

    private static void answer(HttpExchange exchange, byte[] body, long announced) throws IOException {
        exchange.sendResponseHeaders(200, announced);
        // closed before all was sent: the connection is cut
        exchange.getResponseBody().write(body);
        exchange.getResponseBody().flush();
        exchange.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "wget"})
    void isDownloadedThroughRedirects(String program) throws Exception {
        have(List.of(program));
        Path archive = pack("--gzip", RUN);
        byte[] bytes = Files.readAllBytes(archive);
        String sum = sum(archive);
        serve("/archive", bytes, bytes.length);
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", url("/archive"));
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        assertThat(kexec(url("/moved"), sum, "")).containsExactly("0:", LEAVING);
        assertThat(kexec(url("/moved"), "0".repeat(64), "")).endsWith("::failed checksum");
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "wget"})
    void isNotThere(String program) throws Exception {
        have(List.of(program));
        pack("--gzip", RUN);
        assertThat(kexec(url("/missing"), "", "")).endsWith("::failed download").doesNotContain(LEAVING);
        assertThat(work.resolve("archive")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "wget"})
    void aTransferThatIsCutIsNoArchive(String program) throws Exception {
        have(List.of(program));
        byte[] bytes = Files.readAllBytes(pack("--gzip", RUN));
        serve("/cut", bytes, bytes.length + 1000L);
        assertThat(kexec(url("/cut"), "", "")).endsWith("::failed download").doesNotContain(LEAVING);
        assertThat(work.resolve("archive")).doesNotExist();
    }

    @Test
    void aMachineWithoutEitherSaysSo() throws Exception {
        assertThat(kexec(url("/archive"), "", ""))
                .containsExactly("neither curl nor wget is on this machine", "::failed download");
    }
}
