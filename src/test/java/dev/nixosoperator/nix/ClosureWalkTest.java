package dev.nixosoperator.nix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClosureWalkTest {
    private static final KeyPair PAIR = pair();
    private static final PublicKey KEY = key();
    private static final NixHash HASH = NixHash.of(new byte[32]);

    private final Map<String, byte[]> files = new HashMap<>(Map.of("nix-cache-info", new byte[0]));

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static PublicKey key() {
        byte[] spki = PAIR.getPublic().getEncoded();
        return new PublicKey(
                "k", Base64.getEncoder().encodeToString(Arrays.copyOfRange(spki, spki.length - 32, spki.length)));
    }

    private static StorePath path(int n) {
        return new StorePath(String.format("%032d", n), "p" + n);
    }

    private static Set<StorePath> paths(int... numbers) {
        return IntStream.of(numbers).mapToObj(ClosureWalkTest::path).collect(Collectors.toSet());
    }

    /** The cache has a path with these references, signed. */
    private void cached(int n, int... references) {
        StorePath path = path(n);
        NarInfo info = new NarInfo(
                path,
                new NarInfo.File("nar/x", Compression.NONE, null, null),
                new NarInfo.Nar(HASH, 8),
                List.copyOf(paths(references)),
                null,
                List.of(),
                null);
        try {
            Signature sign = Signature.getInstance("Ed25519");
            sign.initSign(PAIR.getPrivate());
            sign.update(info.fingerprint().getBytes(StandardCharsets.UTF_8));
            String text = "StorePath: " + path + "\nURL: nar/x\nCompression: none\nNarHash: " + HASH + "\nNarSize: 8\n"
                    + "References: "
                    + info.references().stream().map(StorePath::base).collect(Collectors.joining(" "))
                    + "\nSig: k:" + Base64.getEncoder().encodeToString(sign.sign()) + "\n";
            files.put(path.hash() + ".narinfo", text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private BinaryCache cache(CacheFiles from) {
        return switch (BinaryCache.open(from, List.of(KEY))) {
            case Answer.Is<BinaryCache, ?>(BinaryCache cache) -> cache;
            case Answer.Not<BinaryCache, ?>(Object failure) -> throw new AssertionError(failure);
        };
    }

    /** The missing paths in their order, or the failure. */
    private Answer<List<StorePath>, CacheFailure> missing(CacheFiles from, int top, Set<StorePath> valid) {
        ClosureWalk walk = new ClosureWalk(cache(from), path(top), 8);
        while (!walk.frontier().isEmpty()) {
            Optional<CacheFailure> failure = walk.descend(valid);
            if (failure.isPresent()) {
                return Answer.not(failure.get());
            }
        }
        return walk.inOrder()
                .then(infos -> Answer.is(infos.stream().map(NarInfo::path).toList()));
    }

    private Answer<List<StorePath>, CacheFailure> missing(int top, Set<StorePath> valid) {
        return missing(new MemoryFiles(files), top, valid);
    }

    private static Answer<List<StorePath>, CacheFailure> order(int... numbers) {
        return Answer.is(IntStream.of(numbers).mapToObj(ClosureWalkTest::path).toList());
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

    @Test
    void oneThatIsNowhereIsTold() {
        cached(1, 2);
        assertThat(missing(1, Set.of()))
                .isEqualTo(Answer.not(new CacheFailure.NotFound("memory:" + path(2).hash() + ".narinfo")));
    }

    @Test
    void oneThatNobodySignedIsTold() {
        cached(1, 2);
        cached(2);
        files.computeIfPresent(path(2).hash() + ".narinfo", (file, text) -> new String(text, StandardCharsets.UTF_8)
                .replace("NarSize: 8", "NarSize: 9")
                .getBytes(StandardCharsets.UTF_8));
        assertThat(missing(1, Set.of())).isEqualTo(Answer.not(new CacheFailure.BadSignature(path(2), List.of("k"))));
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
                        .map(path -> Answer.not(new CacheFailure.Cycle(path)))
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
        MemoryFiles memory = new MemoryFiles(files);
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
