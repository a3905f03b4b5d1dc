package dev.nixosoperator.nix;

import static dev.nixosoperator.nix.TestCache.archive;
import static dev.nixosoperator.nix.TestCache.nar;
import static dev.nixosoperator.nix.TestCache.narInfo;
import static dev.nixosoperator.nix.TestCache.path;
import static dev.nixosoperator.nix.TestCache.paths;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.nixosoperator.hash.Sha256;
import dev.nixosoperator.nix.ClosurePush.Done;
import dev.nixosoperator.nix.ClosurePush.Progress;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClosurePushTest {
    private static final CacheFailure AWAY = new CacheFailure.CacheUnavailable("watched:", "away");

    private final TestCache cache = new TestCache();
    private final ServeDouble target = new ServeDouble();
    private final List<Progress> progress = new ArrayList<>();
    private final Map<String, Integer> opened = new ConcurrentHashMap<>();

    private Answer<Done, PushFailure> pushed(BinaryCache... caches) {
        ClosurePush push = new ClosurePush(List.of(caches), progress::add);
        return target.connected((from, to) -> push.push(from, to, path(0)));
    }

    /** The cache, but for what the function says; what is opened is counted. */
    private BinaryCache watched(Function<String, Optional<Answer<InputStream, CacheFailure>>> instead) {
        return cache.open(new WatchedFiles(cache.files, file -> {
            opened.merge(file, 1, Integer::sum);
            return instead.apply(file);
        }));
    }

    private static Answer<Done, PushFailure> done(int... numbers) {
        long bytes = IntStream.of(numbers).mapToLong(n -> archive(n).length).sum();
        return Answer.is(new Done(numbers.length, bytes, List.of()));
    }

    private static Answer<Done, PushFailure> not(CacheFailure failure) {
        return Answer.not(new PushFailure.Source(failure));
    }

    /** An archive beyond what is fetched ahead. */
    private static byte[] large() {
        return new TestNar.Leaf("x".repeat(Prefetch.SMALL_NAR + 1), false).archive();
    }

    @Test
    void givesWhatIsMissingAfterItsReferences() {
        cache.with(0, 1, 2).with(1, 3).with(2, 1).with(3);
        target.having(paths(3));
        assertThat(pushed(cache.open())).isEqualTo(done(0, 1, 2));
        assertThat(target.given).containsExactly(path(1), path(2), path(0));
        assertThat(target.everythingAsked()).doesNotHaveDuplicates();
    }

    @Test
    void asksForNothingThatTheTargetHas() {
        cache.with(0, 1);
        target.having(paths(0, 1));
        assertThat(pushed(cache.open())).isEqualTo(done());
        assertThat(target.given).isEmpty();
        assertThat(target.everythingAsked()).contains(path(0)).doesNotHaveDuplicates();
    }

    @Test
    void aSystemInOrderAndNothingTwice() {
        TestCache system = TestCache.system(400);
        assertThat(pushed(system.open()))
                .isInstanceOfSatisfying(Answer.Is.class, is -> assertThat(((Done) is.value()).paths())
                        .isEqualTo(400));
        assertThat(target.given).hasSize(400).doesNotHaveDuplicates();
        assertThat(pushed(system.open())).isEqualTo(done());
        assertThat(target.given).hasSize(400);
    }

    @Test
    void tellsHowFarItIs() {
        cache.with(0, 1).with(1, large());
        assertThat(pushed(cache.open())).isInstanceOf(Answer.Is.class);
        long all = (long) large().length + archive(0).length;
        assertThat(progress)
                .startsWith(new Progress(0, 2, 0, all))
                .endsWith(new Progress(2, 2, all, all))
                .isSortedAccordingTo((a, b) -> Long.compare(a.bytes(), b.bytes()))
                .allMatch(now -> now.allPaths() == 2 && now.allBytes() == all)
                // a large one is not silent until its end
                .hasSizeBetween(8, 12);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFalseArchiveIsNotGivenAndTheRestAnotherTime(boolean isLarge) {
        byte[] right = isLarge ? large() : archive(1);
        cache.with(0, 1).with(1, right, 2).with(2);
        byte[] wrong = right.clone();
        wrong[97] ^= 1; // of the content
        cache.files.put(nar(1), wrong);
        assertThat(pushed(cache.open())).isInstanceOfSatisfying(Answer.Not.class, not -> assertThat(not.failure())
                .isInstanceOfSatisfying(PushFailure.Source.class, source -> assertThat(source.failure())
                        .isInstanceOfSatisfying(CacheFailure.HashMismatch.class, mismatch -> assertThat(mismatch.path())
                                .isEqualTo(path(1)))));
        assertThat(target.valid).containsExactly(path(2));

        cache.files.put(nar(1), right);
        assertThat(pushed(cache.open())).isInstanceOf(Answer.Is.class);
        assertThat(target.given).containsExactly(path(2), path(1), path(0));
    }

    @Test
    void whatNobodySignedIsNotGiven() {
        cache.with(0, 1).with(1);
        cache.replace(1, "NarSize: 1", "NarSize: 2");
        assertThat(pushed(cache.open())).isEqualTo(not(new CacheFailure.BadSignature(path(1), List.of("k"))));
        assertThat(target.given).isEmpty();
    }

    @Test
    void whatOneCacheLacksAnotherMayHave() {
        cache.with(0, 1).with(1, 2).with(2);
        Map<String, byte[]> first = new ConcurrentHashMap<>(cache.files);
        first.keySet().removeAll(List.of(narInfo(1), nar(1)));
        assertThat(pushed(cache.open(new MemoryFiles(first)), cache.open())).isEqualTo(done(0, 1, 2));

        cache.files.remove(narInfo(1));
        target.valid.clear();
        assertThat(pushed(cache.open(new MemoryFiles(first)), cache.open()))
                .isEqualTo(not(new CacheFailure.NoneOf(
                        path(1),
                        List.of(
                                new CacheFailure.NotFound("memory:" + narInfo(1)),
                                new CacheFailure.NotFound("memory:" + narInfo(1))))));
    }

    @Test
    void aFaultOfOneCacheIsToldThoughAnotherHelps() {
        cache.with(0, 1, 2).with(1).with(2, large());
        Map<String, byte[]> wrong = new ConcurrentHashMap<>(cache.files);
        wrong.put(nar(1), archive(7));
        wrong.remove(nar(2));
        assertThat(pushed(cache.open(new MemoryFiles(wrong)), cache.open()))
                .isEqualTo(Answer.is(new Done(
                        3,
                        (long) archive(0).length + archive(1).length + large().length,
                        List.of(new CacheFailure.HashMismatch(
                                path(1),
                                CacheFailure.What.NAR,
                                NixHash.of(Sha256.of(archive(1))),
                                NixHash.of(Sha256.of(archive(7))))))));
    }

    @Test
    void anotherBuildOfAPathIsNotMixedIn() {
        cache.with(0);
        Map<String, byte[]> first = new ConcurrentHashMap<>(cache.files);
        first.remove(nar(0));
        cache.with(0, archive(9));
        assertThat(pushed(cache.open(new MemoryFiles(first)), cache.open()))
                .isInstanceOfSatisfying(
                        Answer.Not.class, not -> assertThat(not.failure()).isInstanceOf(PushFailure.Source.class));
        assertThat(target.given).isEmpty();
    }

    @Test
    void aCacheThatIsGoneIsNotAskedForEverything() {
        TestCache system = TestCache.system(200);
        BinaryCache gone = system.open(new WatchedFiles(system.files, file -> {
            opened.merge(file, 1, Integer::sum);
            return file.equals("nix-cache-info") ? Optional.empty() : Optional.of(Answer.not(AWAY));
        }));
        assertThat(pushed(gone, system.open()))
                .isInstanceOfSatisfying(Answer.Is.class, is -> assertThat(((Done) is.value()).despite())
                        .containsExactly(AWAY));
        // all that were asked at the same time before it was known
        assertThat(opened).hasSizeLessThan(1 + 2 * 16 + 8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatMayPassIsTriedAgain(boolean isLarge) {
        cache.with(0, isLarge ? large() : archive(0));
        BinaryCache faltering = watched(file -> opened.getOrDefault(file, 0) < 3 && !file.equals("nix-cache-info")
                ? Optional.of(Answer.not(AWAY))
                : Optional.empty());
        assertThat(pushed(faltering))
                .isInstanceOfSatisfying(Answer.Is.class, is -> assertThat(((Done) is.value()).despite())
                        .containsExactly(AWAY));
        assertThat(opened).containsEntry(narInfo(0), 3).containsEntry(nar(0), 3);
    }

    @Test
    void whatDoesNotPassIsToldAtOnceAndWhatWasSentCounts() {
        cache.with(0, 1).with(1);
        BinaryCache away = watched(file -> file.equals(nar(0)) ? Optional.of(Answer.not(AWAY)) : Optional.empty());
        assertThat(pushed(away)).isEqualTo(not(AWAY));
        assertThat(opened).containsEntry(nar(0), 3).containsEntry(nar(1), 1);
        assertThat(target.given).containsExactly(path(1));
    }

    /** It breaks off when most of a large one was sent; the protocol has no way back. */
    @Test
    void aLargeOneThatBreaksOffIsNotThereUntilItIsSentWhole() {
        cache.with(0, 1, 2).with(1, large(), 2).with(2);
        AtomicBoolean whole = new AtomicBoolean();
        BinaryCache breaking = watched(file -> file.equals(nar(1)) && !whole.get()
                ? Optional.of(Answer.is(WatchedFiles.breakingOff(large())))
                : Optional.empty());
        assertThat(pushed(breaking)).isEqualTo(not(new CacheFailure.CacheUnavailable(nar(1), "gone")));
        assertThat(opened).containsEntry(nar(1), 1);
        assertThat(target.valid).containsExactly(path(2));
        whole.set(true);
        assertThat(pushed(breaking)).isInstanceOf(Answer.Is.class);
        assertThat(target.given).containsExactly(path(2), path(1), path(0));
    }

    @Test
    void aServerThatDiesHalfWay() throws IOException {
        TestCache system = TestCache.system(300);
        AtomicInteger left = new AtomicInteger(100);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                try (exchange) {
                    String name = exchange.getRequestURI().getPath().substring(1);
                    byte[] file = Objects.requireNonNull(system.files.get(name));
                    boolean dying = name.startsWith("nar/") && left.decrementAndGet() < 0;
                    exchange.sendResponseHeaders(200, file.length);
                    exchange.getResponseBody().write(file, 0, dying ? file.length / 2 : file.length);
                }
            });
            server.start();
            String url = "http://127.0.0.1:" + server.getAddress().getPort();
            try (BinaryCache cache = is(BinaryCache.open(url, List.of(system.key()), Duration.ofSeconds(20)))) {
                assertThat(pushed(cache)).isInstanceOfSatisfying(Answer.Not.class, not -> assertThat(not.failure())
                        .isInstanceOfSatisfying(PushFailure.Source.class, source -> assertThat(source.failure())
                                .isInstanceOf(CacheFailure.CacheUnavailable.class)));
                // but for those on the way when it died
                assertThat(target.given.size()).isBetween(100 - 16, 100);
                left.set(1000);
                assertThat(pushed(cache)).isInstanceOf(Answer.Is.class);
                assertThat(target.given).hasSize(300).doesNotHaveDuplicates();
            }
        } finally {
            server.stop(0);
        }
    }

    private static <T, F> T is(Answer<T, F> answer) {
        return switch (answer) {
            case Answer.Is<T, F>(T value) -> value;
            case Answer.Not<T, F>(F failure) -> throw new AssertionError(failure);
        };
    }

    /** The target has another idea of what is right, and goes. */
    @Test
    void aTargetThatEndsIsTold() {
        cache.with(0, 1).with(1);
        ClosurePush push = new ClosurePush(List.of(cache.open()), progress::add);
        ServeDouble strict = new ServeDouble() {
            @Override
            boolean takes(StorePath path) {
                return !path.equals(path(0));
            }
        };
        assertThat(strict.<Answer<Done, PushFailure>>connected((from, to) -> push.push(from, to, path(0))))
                .isEqualTo(Answer.not(new PushFailure.Target(new ServeFailure.Ended(path(0)))));
        assertThat(new ClosurePush(List.of(cache.open()), progress::add)
                        .push(new ByteArrayInputStream(new byte[0]), OutputStream.nullOutputStream(), path(0)))
                .isEqualTo(Answer.not(new PushFailure.Target(new ServeFailure.Ended(null))));
    }
}
