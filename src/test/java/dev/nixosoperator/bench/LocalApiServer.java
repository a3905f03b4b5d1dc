package dev.nixosoperator.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * kube-apiserver and etcd on loopback, run by {@code hack/api-server.sh}. The script ends with the pipe that we hold,
 * and the servers end with the script: nothing outlives this JVM, however it dies.
 */
final class LocalApiServer implements ApiServer {

    private final Path directory;
    private final Path assets;
    private final Process script;
    private final BufferedReader answers;
    private final Writer orders;

    private LocalApiServer(Path directory, Path assets, Process script) {
        this.directory = directory;
        this.assets = assets;
        this.script = script;
        this.answers = script.inputReader(UTF_8);
        this.orders = script.outputWriter(UTF_8);
    }

    static Optional<ApiServer> find() {
        return assets().map(LocalApiServer::start);
    }

    /** The directory of kube-apiserver, etcd and kubectl; builds them if they are not in the cache yet. */
    static Optional<Path> assets() {
        try {
            Process script = new ProcessBuilder("hack/kubernetes-api.sh")
                    .redirectError(Redirect.INHERIT)
                    .start();
            String answer = new String(script.getInputStream().readAllBytes(), UTF_8);
            return script.waitFor() == 0 ? Optional.of(Path.of(answer.strip())) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while building an API server", e);
        }
    }

    private static ApiServer start(Path assets) {
        try {
            Path parent = Files.createDirectories(Path.of("target", "kubernetes-api"));
            Path directory = Files.createTempDirectory(parent, "run-").toAbsolutePath();
            ProcessBuilder builder = new ProcessBuilder("hack/api-server.sh", "run", directory.toString())
                    .redirectError(directory.resolve("run.log").toFile());
            builder.environment().put("KUBEBUILDER_ASSETS", assets.toString());
            LocalApiServer server = new LocalApiServer(directory, assets, builder.start());
            server.expect("ready");
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Path kubeconfig() {
        return directory.resolve("kubeconfig");
    }

    @Override
    public Path kubectl() {
        return assets.resolve("kubectl");
    }

    @Override
    public boolean outlivesTests() {
        return false;
    }

    @Override
    public void down() {
        order("down", "down");
    }

    @Override
    public void up() {
        order("up", "ready");
    }

    @Override
    public void close() {
        try {
            orders.close();
            if (!script.waitFor(Duration.ofSeconds(10))) {
                script.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            script.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void order(String order, String answer) {
        try {
            orders.write(order + "\n");
            orders.flush();
            expect(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bounded: the script gives up by itself on a server that does not come, and its end is the end of the stream. */
    private void expect(String answer) throws IOException {
        String line = answers.readLine();
        if (!answer.equals(line)) {
            throw new IllegalStateException("expected \"" + answer + "\" from the API server's script, got \"" + line
                    + "\": " + Files.readString(directory.resolve("run.log")));
        }
    }
}
