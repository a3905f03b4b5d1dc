package dev.nixosoperator.nix;

import static dev.nixosoperator.nix.TestCache.narInfo;
import static dev.nixosoperator.nix.TestCache.path;
import static dev.nixosoperator.nix.TestCache.paths;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClosureWalkTest {
    private static Answer<List<NarInfo>, PushFailure> walked(
            int top, Function<StorePath, Answer<NarInfo, CacheFailure>> infos, ClosureWalk.Target target) {
        try (ClosureWalk walk = new ClosureWalk(path(top), infos, 8)) {
            return walk.missing(target);
        }
    }

    private final TestCache cache = new TestCache();
    private final List<Collection<StorePath>> asked = new ArrayList<>();

    private void cached(int n, int... references) {
        cache.with(n, references);
    }

    /** The missing paths in their order, or the failure. */
    private Answer<List<StorePath>, PushFailure> missing(CacheFiles from, int top, Set<StorePath> valid) {
        return walked(top, cache.open(from)::narInfo, paths -> has(valid, paths))
                .then(infos -> Answer.is(infos.stream().map(NarInfo::path).toList()));
    }

    private Answer<Set<StorePath>, ServeFailure> has(Set<StorePath> valid, Collection<StorePath> paths) {
        asked.add(paths);
        return Answer.is(paths.stream().filter(valid::contains).collect(Collectors.toSet()));
    }

    private Answer<List<StorePath>, PushFailure> missing(int top, Set<StorePath> valid) {
        return missing(new MemoryFiles(cache.files), top, valid);
    }

    private static Answer<List<StorePath>, PushFailure> order(int... numbers) {
        return Answer.is(IntStream.of(numbers).mapToObj(TestCache::path).toList());
    }

    private static Answer<List<StorePath>, PushFailure> not(CacheFailure failure) {
        return Answer.not(new PushFailure.Source(failure));
    }

    /** Each path refers to others that nobody heard of yet, and much is said of it. */
    @Test
    void aCacheThatGoesOnForEverIsLeft() {
        AtomicInteger made = new AtomicInteger();
        Answer<List<NarInfo>, PushFailure> walked = walked(
                0,
                path -> {
                    List<StorePath> more = IntStream.range(0, 200)
                            .mapToObj(any -> path(made.incrementAndGet()))
                            .toList();
                    NixHash hash = NixHash.of(new byte[32]);
                    return Answer.is(new NarInfo(
                            path,
                            new NarInfo.File("nar/x", Compression.NONE, null, null),
                            new NarInfo.Nar(hash, 1),
                            more,
                            null,
                            List.of("k:" + "A".repeat(50_000)),
                            null));
                },
                paths -> Answer.is(Set.of()));
        assertThat(walked).isInstanceOfSatisfying(Answer.Not.class, not -> assertThat(
                        ((PushFailure.Source) not.failure()).failure())
                .isInstanceOf(CacheFailure.TooManyPaths.class));
        assertThat(made.get()).isLessThan(400_000);
    }

    @Test
    void referencesComeFirst() {
        cached(1, 2, 3);
        cached(2, 4);
        cached(3, 4, 3);
        cached(4);
        assertThat(missing(1, Set.of())).isEqualTo(order(4, 2, 3, 1));
    }

    @Test
    void whatTheTargetHasIsNotLookedAt() {
        cached(1, 2, 3);
        cached(3, 4);
        cached(4);
        // neither 2 nor what is below it is in the cache
        assertThat(missing(1, paths(2, 4))).isEqualTo(order(3, 1));
        assertThat(missing(1, paths(1))).isEqualTo(order());
    }

    /** The target has 2 as somebody else built it, which does not refer to 3. */
    @Test
    void whatTheCacheSaysOfAPathThatTheTargetHasDoesNotCount() {
        cached(1, 2);
        cached(2, 3, 4);
        cached(3);
        assertThat(missing(1, paths(2))).isEqualTo(order(1));
    }

    /** While the target thinks about the first path the cache is asked for all. */
    @Test
    void aLevelCostsNoRoundTrip() throws InterruptedException {
        int depth = 50;
        for (int n = 0; n < depth; n++) {
            cached(n, n + 1);
        }
        cached(depth);
        CountDownLatch walked = new CountDownLatch(1);
        Function<StorePath, Answer<NarInfo, CacheFailure>> infos = path -> {
            Answer<NarInfo, CacheFailure> info = cache.open().narInfo(path);
            if (path.equals(path(depth))) {
                walked.countDown();
            }
            return info;
        };
        Answer<List<NarInfo>, PushFailure> missing = walked(0, infos, paths -> {
            await(walked);
            return has(Set.of(), paths);
        });
        assertThat(missing).isInstanceOfSatisfying(Answer.Is.class, is -> assertThat((List<?>) is.value())
                .hasSize(depth + 1));
        assertThat(asked).hasSize(2);
        assertThat(asked.stream().flatMap(Collection::stream))
                .doesNotHaveDuplicates()
                .hasSize(depth + 1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    /** What is asked for in vain is not waited for. */
    @Test
    void theTargetsWordIsEnough() {
        CountDownLatch never = new CountDownLatch(1);
        Answer<List<NarInfo>, PushFailure> missing = walked(
                0,
                path -> {
                    try {
                        never.await();
                        throw new AssertionError("it came");
                    } catch (InterruptedException stopped) {
                        return Answer.not(new CacheFailure.CacheUnavailable("memory:", "stopped"));
                    }
                },
                paths -> has(paths(0), paths));
        assertThat(missing).isEqualTo(Answer.is(List.of()));
    }

    @Test
    void aTargetThatIsGoneIsTold() {
        cached(1);
        ServeFailure gone = new ServeFailure.Ended(null);
        assertThat(walked(1, cache.open()::narInfo, paths -> Answer.not(gone)))
                .isEqualTo(Answer.not(new PushFailure.Target(gone)));
    }

    @Test
    void oneThatIsNowhereIsTold() {
        cached(1, 2);
        assertThat(missing(1, Set.of())).isEqualTo(not(new CacheFailure.NotFound("memory:" + narInfo(2))));
    }

    @Test
    void oneThatNobodySignedIsTold() {
        cached(1, 2);
        cached(2);
        cache.replace(2, "NarSize: 1", "NarSize: 2");
        assertThat(missing(1, Set.of())).isEqualTo(not(new CacheFailure.BadSignature(path(2), List.of("k"))));
    }

    @Test
    void aCircleHasNoOrder() {
        cached(0, 1);
        cached(1, 2);
        cached(2, 3, 4);
        cached(3, 1);
        cached(4);
        assertThat(missing(0, Set.of()))
                .isIn(paths(1, 2, 3).stream()
                        .map(path -> not(new CacheFailure.Cycle(path)))
                        .toList());
    }

    @Test
    void everyGraphIsOrdered() {
        Random random = new Random(5);
        Map<StorePath, Set<StorePath>> graph = new HashMap<>();
        for (int n = 0; n < 300; n++) {
            int self = n;
            int[] references =
                    random.ints(n < 299 ? random.nextInt(5) : 200, 0, n + 1).toArray();
            cached(self, references);
            graph.put(path(self), paths(references));
        }
        Set<StorePath> valid = new HashSet<>();
        random.ints(20, 0, 299).forEach(n -> closed(path(n), graph, valid));

        List<StorePath> order = new ArrayList<>();
        if (missing(299, valid) instanceof Answer.Is<List<StorePath>, ?>(List<StorePath> missing)) {
            order.addAll(missing);
        }
        Set<StorePath> all = new HashSet<>();
        closed(path(299), graph, all);
        all.removeAll(valid);
        assertThat(order).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(all);
        Set<StorePath> there = new HashSet<>(valid);
        for (StorePath path : order) {
            there.add(path);
            assertThat(there).containsAll(graph.getOrDefault(path, Set.of()));
        }
    }

    private static void closed(StorePath path, Map<StorePath, Set<StorePath>> graph, Set<StorePath> closure) {
        if (closure.add(path)) {
            graph.getOrDefault(path, Set.of()).forEach(reference -> closed(reference, graph, closure));
        }
    }

    /** All eight are asked before one is answered; a ninth never with them. */
    @Test
    void asksForSoManyAtTheSameTime() {
        int[] references = IntStream.range(1, 60).toArray();
        cached(0, references);
        IntStream.of(references).forEach(this::cached);
        MemoryFiles memory = new MemoryFiles(cache.files);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch eight = new CountDownLatch(8 + 2);
        CacheFiles counting = new CacheFiles() {
            @Override
            public Answer<InputStream, CacheFailure> open(String file) {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                eight.countDown();
                try {
                    if (eight.getCount() < 8) {
                        assertThat(eight.await(20, TimeUnit.SECONDS)).isTrue();
                    }
                    return memory.open(file);
                } catch (InterruptedException stopped) {
                    throw new AssertionError(stopped);
                } finally {
                    now.decrementAndGet();
                }
            }

            @Override
            public String url(String file) {
                return memory.url(file);
            }
        };
        assertThat(missing(counting, 0, Set.of()))
                .isInstanceOfSatisfying(
                        Answer.Is.class, is -> assertThat((List<?>) is.value()).hasSize(60));
        assertThat(most).hasValue(8);
    }
}
