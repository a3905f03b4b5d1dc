package dev.nixosoperator.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** A directory over HTTP on loopback, which counts its requests and can be told to fail. */
public final class LabHttp implements AutoCloseable {
    private record Trouble(Predicate<String> paths, int status) {}

    private static final Trouble NONE = new Trouble(path -> false, 0);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Trouble trouble = NONE;

    private LabHttp(HttpServer server) {
        this.server = server;
    }

    public static LabHttp serve(Path directory) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            LabHttp http = new LabHttp(server);
            HttpHandler files = SimpleFileServer.createFileHandler(
                    directory.toAbsolutePath().normalize());
            server.createContext("/", exchange -> http.handle(exchange, files));
            server.setExecutor(http.threads);
            server.start();
            return http;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void handle(HttpExchange exchange, HttpHandler files) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(path);
        Trouble now = trouble;
        if (now.paths().test(path)) {
            try (exchange) {
                exchange.sendResponseHeaders(now.status(), -1);
            }
            return;
        }
        files.handle(exchange);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** The server as a {@link LabVm} reaches it. */
    public URI url() {
        return URI.create("http://" + Lab.HOST + ":" + port());
    }

    /** A file as a {@link LabVm} reaches it. */
    public URI url(String file) {
        return url().resolve("/" + file);
    }

    /** The server as this process reaches it. */
    public URI localUrl(String file) {
        return URI.create("http://127.0.0.1:" + port() + "/" + file);
    }

    /** The paths asked for, in order. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** From now on the paths that match are answered with this status. */
    public void fail(Predicate<String> paths, int status) {
        trouble = new Trouble(paths, status);
    }

    /** No trouble from now on. */
    public void heal() {
        trouble = NONE;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
