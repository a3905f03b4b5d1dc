package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.nixosoperator.hash.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A cache on a server that does what such servers do. */
class HttpCacheTest {
    private static final StorePath TOP = Recorded.top();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<String, byte[]> files = MemoryFiles.of(Recorded.DIRECTORY.resolve("cache/zstd"));
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private Conduct conduct = HttpCacheTest::whole;

    @FunctionalInterface
    private interface Conduct {
        void answer(HttpExchange exchange, byte[] file) throws IOException, InterruptedException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/cache/", exchange -> {
            byte[] file = files.get(exchange.getRequestURI().getPath().substring("/cache/".length()));
            try (exchange) {
                if (file == null) {
                    exchange.sendResponseHeaders(404, -1);
                } else {
                    conduct.answer(exchange, file);
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.close();
    }

    private static void whole(HttpExchange exchange, byte[] file) throws IOException {
        exchange.sendResponseHeaders(200, file.length);
        exchange.getResponseBody().write(file);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/cache";
    }

    private BinaryCache cache(Duration patience) {
        return switch (BinaryCache.open(url() + "?priority=10", Recorded.keys(), patience)) {
            case Answer.Is<BinaryCache, ?>(BinaryCache cache) -> cache;
            case Answer.Not<BinaryCache, ?>(Object failure) -> throw new AssertionError(failure);
        };
    }

    private static NarInfo info(BinaryCache cache) {
        return switch (cache.narInfo(TOP)) {
            case Answer.Is<NarInfo, ?>(NarInfo info) -> info;
            case Answer.Not<NarInfo, ?>(Object failure) -> throw new AssertionError(failure);
        };
    }

    @Test
    void readsACache() throws IOException {
        try (BinaryCache cache = cache(PATIENCE)) {
            ByteArrayOutputStream nar = new ByteArrayOutputStream();
            assertThat(cache.copyNar(info(cache), nar)).isEmpty();
            assertThat(nar.size()).isEqualTo(info(cache).nar().size());

            StorePath unknown = new StorePath("0".repeat(32), "unknown");
            assertThat(cache.narInfo(unknown))
                    .isEqualTo(Answer.not(new CacheFailure.NotFound(url() + "/" + unknown.hash() + ".narinfo")));
        }
    }

    @Test
    void followsRedirects() throws IOException {
        conduct = (exchange, file) -> {
            if (exchange.getRequestURI().getQuery() == null) {
                exchange.getResponseHeaders().set("Location", exchange.getRequestURI() + "?again");
                exchange.sendResponseHeaders(302, -1);
            } else {
                whole(exchange, file);
            }
        };
        try (BinaryCache cache = cache(PATIENCE)) {
            assertThat(cache.copyNar(info(cache), OutputStream.nullOutputStream()))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, Denied",
        "403, Denied",
        "404, NotFound",
        "410, NotFound",
        "500, CacheUnavailable",
        "503, CacheUnavailable"
    })
    void refusals(int status, String failure) {
        conduct = (exchange, file) -> exchange.sendResponseHeaders(status, -1);
        assertThat(BinaryCache.open(url(), Recorded.keys(), PATIENCE))
                .isInstanceOfSatisfying(Answer.Not.class, not -> assertThat(
                                not.failure().getClass().getSimpleName())
                        .isEqualTo(failure));
    }

    @Test
    void nobodyIsThere() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThat(BinaryCache.open("http://127.0.0.1:" + port, Recorded.keys(), PATIENCE))
                .isInstanceOfSatisfying(Answer.Not.class, not -> assertThat(not.failure())
                        .isInstanceOf(CacheFailure.CacheUnavailable.class));
    }

    @Test
    void dyingHalfWayIsNoBrokenArchive() throws IOException {
        try (BinaryCache cache = cache(PATIENCE)) {
            NarInfo info = info(cache);
            conduct = (exchange, file) -> {
                exchange.sendResponseHeaders(200, file.length);
                exchange.getResponseBody().write(file, 0, file.length / 2);
                exchange.getResponseBody().flush();
                throw new IOException("gone");
            };
            assertThat(cache.copyNar(info, OutputStream.nullOutputStream()))
                    .containsInstanceOf(CacheFailure.CacheUnavailable.class);
        }
    }

    /** A byte at a time, each well in time. */
    @Test
    void drippingHasAnEndToo() throws IOException {
        try (BinaryCache cache = cache(Duration.ofSeconds(3))) {
            NarInfo info = info(cache);
            conduct = (exchange, file) -> {
                exchange.sendResponseHeaders(200, file.length);
                for (byte one : file) {
                    exchange.getResponseBody().write(one);
                    exchange.getResponseBody().flush();
                    if (over.await(100, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            };
            assertThat(cache.copyNar(info, OutputStream.nullOutputStream()))
                    .hasValueSatisfying(failure -> assertThat(failure.message()).contains("bytes came in 3000 ms"));
        }
    }

    @Test
    void silenceHasAnEnd() throws IOException {
        // Long enough for an answer of a busy machine.
        try (BinaryCache cache = cache(Duration.ofSeconds(3))) {
            NarInfo info = info(cache);
            conduct = (exchange, file) -> {
                exchange.sendResponseHeaders(200, file.length);
                exchange.getResponseBody().write(file, 0, file.length / 2);
                exchange.getResponseBody().flush();
                over.await();
            };
            assertThat(cache.copyNar(info, OutputStream.nullOutputStream()))
                    .hasValueSatisfying(failure -> assertThat(failure.message())
                            .startsWith(info.file().url())
                            .contains("bytes came in 3000 ms"));

            conduct = (exchange, file) -> over.await();
            assertThat(cache.copyNar(info, OutputStream.nullOutputStream()))
                    .containsInstanceOf(CacheFailure.CacheUnavailable.class);
        }
    }

    @Test
    void aLargeFileComesPieceByPiece() throws IOException {
        byte[] archive = new TestNar.Leaf("x".repeat(5_000_000), false).archive();
        files.put("nar/large", archive);
        try (BinaryCache cache = cache(PATIENCE)) {
            NarInfo large = new NarInfo(
                    TOP,
                    new NarInfo.File("nar/large", Compression.NONE, null, null),
                    new NarInfo.Nar(NixHash.of(Sha256.of(archive)), archive.length),
                    List.of(),
                    null,
                    List.of(),
                    null);
            assertThat(cache.copyNar(large, OutputStream.nullOutputStream())).isEmpty();
        }
    }
}
