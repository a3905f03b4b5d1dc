package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.hash.Sha256;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Kexec archives on the operator: downloaded once by checksum, read from a volume. */
final class Images {
    private final Path cache;
    private final HttpClient client;
    private final Map<String, Guard> locks = new ConcurrentHashMap<>();

    /** One download of a name at a time. */
    private static final class Guard {
        private final String name;

        private Guard(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    Images(Path cache) {
        this.cache = cache;
        this.client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(20))
                .build();
    }

    /** An archive at hand, or why there is none. */
    sealed interface Image {
        /** @param size bytes */
        record File(Path path, long size, String sha256) implements Image {}

        record Not(Failed failure) implements Image {}
    }

    /** Bytes of an archive that is at hand; null: nobody knows before it is downloaded. */
    @Nullable
    Long size(Archives.Source image) {
        String url = image.url();
        Path file = url == null ? Path.of(String.valueOf(image.path())) : cache.resolve(name(url, image.sha256()));
        try {
            return Files.size(file);
        } catch (IOException notThere) {
            return null;
        }
    }

    private static String name(String url, @Nullable String sha256) {
        return (sha256 == null ? Sha256.hex(url) : sha256) + ".image";
    }

    /** A file in a volume of the operator. */
    Image local(String path, @Nullable String sha256) {
        try {
            return checked(Path.of(path), sha256);
        } catch (IOException unreadable) {
            return not(Reason.ImageDownloadFailed, "the operator cannot read " + path + ": " + unreadable);
        }
    }

    /** Downloads, unless an archive of this checksum is there. Without a checksum nothing is kept for long. */
    Image download(String url, @Nullable String sha256, Duration timeout) {
        String name = name(url, sha256);
        synchronized (locks.computeIfAbsent(name, Guard::new)) {
            try {
                Path kept = cache.resolve(name);
                if (sha256 != null && Files.exists(kept)) {
                    return checked(kept, sha256);
                }
                return fetched(url, sha256, timeout, kept);
            } catch (IOException failed) {
                return not(Reason.ImageDownloadFailed, "the operator cannot download " + url + ": " + failed);
            }
        }
    }

    private Image fetched(String url, @Nullable String sha256, Duration timeout, Path kept) throws IOException {
        Files.createDirectories(cache);
        Path part = Files.createTempFile(cache, "download", ".part");
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url)).timeout(timeout).build();
            HttpResponse<Path> response = answered(request, part, timeout);
            if (response.statusCode() != 200) {
                return not(Reason.ImageDownloadFailed, url + " answers " + response.statusCode());
            }
            Image image = checked(part, sha256);
            if (image instanceof Image.File file) {
                Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return new Image.File(kept, file.size(), file.sha256());
            }
            return image;
        } catch (TimeoutException late) {
            return not(
                    Reason.ImageDownloadFailed,
                    url + " did not come in the " + timeout.toSeconds() + " s that were left for it");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return not(Reason.ImageDownloadFailed, "the download of " + url + " was stopped");
        } catch (IllegalArgumentException notAUrl) {
            return not(Reason.ImageDownloadFailed, url + " is no URL that can be downloaded");
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** The client's own timeout ends with the header; a server that stalls after it would hold us for ever. */
    private HttpResponse<Path> answered(HttpRequest request, Path to, Duration timeout)
            throws IOException, InterruptedException, TimeoutException {
        CompletableFuture<HttpResponse<Path>> answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofFile(to));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException cause ? cause : new IOException(failed.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private static Image checked(Path file, @Nullable String wanted) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        String sha256 = HexFormat.of().formatHex(digest.digest());
        return wanted == null || wanted.equals(sha256)
                ? new Image.File(file, Files.size(file), sha256)
                : not(Reason.ImageChecksumMismatch, "the kexec image has the sha256 " + sha256 + ", wanted " + wanted);
    }

    private static Image.Not not(Reason reason, String message) {
        return new Image.Not(Failed.of(reason, message));
    }
}
