package dev.nixosoperator.nix;

import static dev.nixosoperator.nix.TestCache.archive;
import static dev.nixosoperator.nix.TestCache.path;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.nix.Sources.Fetched;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PrefetchTest {
    private final TestCache cache = new TestCache();
    private final BlockingQueue<String> opened = new LinkedBlockingQueue<>();
    private final List<Integer> numbers = new ArrayList<>();

    private Sources sources(WatchedFiles files) {
        return new Sources(List.of(cache.open(files)));
    }

    /** Archives that are opened are noted. */
    private WatchedFiles noted() {
        return new WatchedFiles(cache.files, file -> {
            if (file.startsWith("nar/")) {
                opened.add(file);
            }
            return Optional.empty();
        });
    }

    private void cached(int n, byte[] archive) {
        cache.with(n, archive);
        numbers.add(n);
    }

    private List<NarInfo> order(Sources sources) {
        return numbers.stream()
                .map(n -> switch (sources.narInfo(path(n))) {
                    case Answer.Is<NarInfo, CacheFailure>(NarInfo info) -> info;
                    case Answer.Not<NarInfo, CacheFailure>(CacheFailure failure) -> throw new AssertionError(failure);
                })
                .toList();
    }

    private static byte[] bytes(Optional<Answer<Fetched, CacheFailure>> next) {
        return switch (next.orElseThrow()) {
            case Answer.Is<Fetched, CacheFailure>(Fetched fetched) ->
                fetched.nar().toByteArray();
            case Answer.Not<Fetched, CacheFailure>(CacheFailure failure) -> throw new AssertionError(failure);
        };
    }

    private void opensAndNoMore(int count) throws InterruptedException {
        for (int n = 0; n < count; n++) {
            assertThat(opened.poll(20, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(opened.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void noMoreThanMemoryAllows() throws InterruptedException {
        for (int n = 0; n < 20; n++) {
            cached(n, archive(n % 10));
        }
        long each = Prefetch.OVERHEAD + 2L * archive(0).length;
        Sources sources = sources(noted());
        try (Prefetch ahead = new Prefetch(sources, order(sources), 16, 5 * each + 1)) {
            bytes(ahead.next());
            opensAndNoMore(5);
            // what was given is held until the next one is wanted
            bytes(ahead.next());
            opensAndNoMore(1);
            for (int n = 2; n < 20; n++) {
                assertThat(bytes(ahead.next())).isEqualTo(archive(n % 10));
            }
            opensAndNoMore(14);
        }
    }

    @Test
    void onePathMayHaveMoreThanThat() throws InterruptedException {
        cached(0, archive(0));
        cached(1, archive(1));
        Sources sources = sources(noted());
        try (Prefetch ahead = new Prefetch(sources, order(sources), 16, 1)) {
            assertThat(bytes(ahead.next())).isEqualTo(archive(0));
            opensAndNoMore(1);
            assertThat(bytes(ahead.next())).isEqualTo(archive(1));
        }
    }

    @Test
    void aLargeOneIsPassedOver() throws InterruptedException {
        byte[] large = new TestNar.Leaf("x".repeat(Prefetch.SMALL_FILE), false).archive();
        cached(0, large);
        cached(1, archive(1));
        Sources sources = sources(noted());
        try (Prefetch ahead = new Prefetch(sources, order(sources), 16, 1 << 20)) {
            assertThat(ahead.next()).isEmpty();
            // during it the next small one is fetched
            opensAndNoMore(1);
            assertThat(bytes(ahead.next())).isEqualTo(archive(1));
        }
    }

    /** The first comes last, and is the first all the same. */
    @Test
    void inOrderWhateverComesFirst() {
        for (int n = 0; n < 10; n++) {
            cached(n, archive(n));
        }
        CountDownLatch others = new CountDownLatch(9);
        Sources sources = sources(new WatchedFiles(cache.files, file -> {
            if (file.equals(TestCache.nar(0))) {
                await(others);
            } else if (file.startsWith("nar/")) {
                others.countDown();
            }
            return Optional.<Answer<InputStream, CacheFailure>>empty();
        }));
        try (Prefetch ahead = new Prefetch(sources, order(sources), 16, 32 << 20)) {
            for (int n = 0; n < 10; n++) {
                assertThat(bytes(ahead.next())).isEqualTo(archive(n));
            }
        }
    }

    /** With 4 allowed, 4 wait for one another, and no fifth is with them. */
    @Test
    void soManyRequestsAtTheSameTime() {
        for (int n = 0; n < 40; n++) {
            cached(n, archive(n));
        }
        CountDownLatch four = new CountDownLatch(4);
        List<Integer> together = Collections.synchronizedList(new ArrayList<>());
        List<String> now = Collections.synchronizedList(new ArrayList<>());
        Sources sources = sources(new WatchedFiles(cache.files, file -> {
            if (file.startsWith("nar/")) {
                now.add(file);
                together.add(now.size());
                four.countDown();
                await(four);
                now.remove(file);
            }
            return Optional.<Answer<InputStream, CacheFailure>>empty();
        }));
        try (Prefetch ahead = new Prefetch(sources, order(sources), 4, 32 << 20)) {
            for (int n = 0; n < 40; n++) {
                bytes(ahead.next());
            }
        }
        assertThat(together).contains(4).allMatch(size -> size <= 4);
    }

    @Test
    void closingDoesNotWait() {
        cached(0, archive(0));
        cached(1, archive(1));
        Sources sources = sources(new WatchedFiles(cache.files, file -> {
            if (file.equals(TestCache.nar(1))) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }
            return Optional.<Answer<InputStream, CacheFailure>>empty();
        }));
        try (Prefetch ahead = new Prefetch(sources, order(sources), 16, 32 << 20)) {
            assertThat(bytes(ahead.next())).isEqualTo(archive(0));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }
}
