package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.hash.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's own downloads, from a real HTTP server. */
class ImagesTest {
    private static final byte[] ARCHIVE = "an archive".getBytes(StandardCharsets.UTF_8);
    private static final String SUM = Sha256.hex("an archive");
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path cache;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private Images images;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/archive", exchange -> answer(exchange, ARCHIVE.length));
        server.createContext("/cut", exchange -> answer(exchange, ARCHIVE.length + 100));
        server.createContext("/stalled", this::stall);
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", url("/archive"));
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
        images = new Images(cache.resolve("images"));
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private void answer(HttpExchange exchange, long announced) throws IOException {
        requests.incrementAndGet();
        exchange.sendResponseHeaders(200, announced);
        exchange.getResponseBody().write(ARCHIVE);
        exchange.getResponseBody().flush();
        exchange.close();
    }

    private void stall(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, ARCHIVE.length);
        exchange.getResponseBody().flush();
        begun.countDown();
        try {
            end.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    private void assertFails(String path, String sum, Reason reason, String names) throws IOException {
        assertThat(images.download(
                        url(path), sum, path.equals("/stalled") ? Duration.ofMillis(300) : LONG, () -> false))
                .isInstanceOfSatisfying(Images.Image.Not.class, not -> {
                    assertThat(not.failure().reason()).isEqualTo(reason);
                    assertThat(not.failure().message()).contains(names);
                });
        try (var left = Files.list(cache.resolve("images"))) {
            assertThat(left).as("what is left of it").isEmpty();
        }
    }

    @Test
    void isDownloadedOnceThroughRedirects() {
        for (int twice = 0; twice < 2; twice++) {
            assertThat(images.download(url("/moved"), SUM, LONG, () -> false))
                    .isInstanceOfSatisfying(Images.Image.File.class, file -> {
                        assertThat(file.path()).hasBinaryContent(ARCHIVE);
                        assertThat(file.sha256()).isEqualTo(SUM);
                    });
        }
        assertThat(requests).hasValue(1);
    }

    @Test
    void isNotThere() throws IOException {
        assertFails("/missing", SUM, Reason.ImageDownloadFailed, "answers 404");
    }

    @Test
    void aTransferThatIsCutIsNoArchive() throws IOException {
        assertFails("/cut", SUM, Reason.ImageDownloadFailed, "cannot download");
    }

    @Test
    void aServerThatStallsIsNotWaitedForWithoutEnd() throws IOException {
        assertFails("/stalled", SUM, Reason.ImageDownloadFailed, "did not come in");
    }

    @Test
    void anotherArchiveIsNotKept() throws IOException {
        assertFails("/archive", "0".repeat(64), Reason.ImageChecksumMismatch, SUM);
    }

    @Test
    void isStoppedWhereNobodyWantsItAnyMore() {
        assertThat(images.download(url("/stalled"), SUM, LONG, () -> true))
                .isInstanceOfSatisfying(
                        Images.Image.Not.class,
                        not -> assertThat(not.failure().message()).contains("was stopped"));
    }

    @Test
    void anotherMachinesDownloadIsNotWaitedForWithoutEnd() throws InterruptedException {
        Thread first =
                Thread.ofVirtual().start(() -> images.download(url("/stalled"), SUM, LONG, () -> end.getCount() == 0));
        begun.await();
        assertThat(images.download(url("/stalled"), SUM, Duration.ofMillis(300), () -> false))
                .isInstanceOfSatisfying(
                        Images.Image.Not.class,
                        not -> assertThat(not.failure().message()).contains("did not come in"));
        assertThat(first.isAlive()).isTrue();
        end.countDown();
        first.join();
    }
}
