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
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Kexec archives on the operator: downloaded once by checksum, read from a volume. */
final class Images {
    private final Path cache;
    private final HttpClient client;
    /** One download of a name at a time. */
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

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

    /**
     * Downloads, unless an archive of this checksum is there. Without a checksum nothing is kept for long.
     *
     * @param timeout for all of it, the wait for another machine's download of the same archive included
     * @param cancelled asked about every second
     */
    Image download(String url, @Nullable String sha256, Duration timeout, BooleanSupplier cancelled) {
        Waiting waiting = new Waiting(System.nanoTime() + timeout.toNanos(), cancelled);
        String name = name(url, sha256);
        ReentrantLock lock = locks.computeIfAbsent(name, any -> new ReentrantLock());
        try {
            waiting.until(slice -> lock.tryLock(slice, TimeUnit.NANOSECONDS));
            try {
                Path kept = cache.resolve(name);
                return sha256 != null && Files.exists(kept)
                        ? checked(kept, sha256)
                        : fetched(url, sha256, waiting, kept);
            } finally {
                lock.unlock();
            }
        } catch (IOException failed) {
            return not(Reason.ImageDownloadFailed, "the operator cannot download " + url + ": " + failed);
        } catch (TimeoutException late) {
            return not(
                    Reason.ImageDownloadFailed,
                    url + " did not come in the " + timeout.toSeconds() + " s that were left for it");
        } catch (CancellationException unwanted) {
            return not(Reason.ImageDownloadFailed, "the download of " + url + " was stopped");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return not(Reason.ImageDownloadFailed, "the download of " + url + " was stopped");
        }
    }

    private Image fetched(String url, @Nullable String sha256, Waiting waiting, Path kept)
            throws IOException, InterruptedException, TimeoutException {
        Files.createDirectories(cache);
        Path part = Files.createTempFile(cache, "download", ".part");
        try {
            HttpResponse<Path> response =
                    answered(HttpRequest.newBuilder(URI.create(url)).build(), part, waiting);
            if (response.statusCode() != 200) {
                return not(Reason.ImageDownloadFailed, url + " answers " + response.statusCode());
            }
            Image image = checked(part, sha256);
            if (image instanceof Image.File file) {
                Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return new Image.File(kept, file.size(), file.sha256());
            }
            return image;
        } catch (IllegalArgumentException notAUrl) {
            return not(Reason.ImageDownloadFailed, url + " is no URL that can be downloaded");
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** The client's own timeout ends with the header; a server that stalls after it would hold us for ever. */
    private HttpResponse<Path> answered(HttpRequest request, Path to, Waiting waiting)
            throws IOException, InterruptedException, TimeoutException {
        CompletableFuture<HttpResponse<Path>> answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofFile(to));
        try {
            waiting.until(slice -> isOver(answer, slice));
            return answer.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException cause ? cause : new IOException(failed.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private static boolean isOver(CompletableFuture<?> answer, long nanos) throws InterruptedException {
        try {
            answer.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException failed) {
            return true;
        } catch (TimeoutException notYet) {
            return false;
        }
    }

    /** @param end in the time of {@link System#nanoTime()} */
    private record Waiting(long end, BooleanSupplier cancelled) {
        private static final long SLICE = TimeUnit.SECONDS.toNanos(1);

        @FunctionalInterface
        interface Happened {
            boolean within(long nanos) throws InterruptedException;
        }

        void until(Happened happened) throws InterruptedException, TimeoutException {
            while (true) {
                long left = end - System.nanoTime();
                if (happened.within(Math.clamp(left, 0, SLICE))) {
                    return;
                }
                if (cancelled.getAsBoolean()) {
                    throw new CancellationException();
                }
                if (left <= 0) {
                    throw new TimeoutException();
                }
            }
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
