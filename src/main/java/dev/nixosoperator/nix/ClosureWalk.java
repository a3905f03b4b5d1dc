package dev.nixosoperator.nix;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds what of a path and all it refers to is missing on a target. Goes not below what the target has: a valid path has
 * all of its references (that is what valid means in Nix).
 *
 * <p>A level of references costs no round trip to the target: while it is asked for some paths, the caches are asked for
 * the same, and for what these refer to. Of what was asked too much, nothing counts, no failure either.
 */
final class ClosureWalk implements AutoCloseable {
    /** A system has some thousands. */
    private static final int MOST = 100_000;
    /** Bytes in memory of what is said of all of them, about; some MiB for a system. A cache may say anything, without end. */
    private static final long LARGEST = 64L << 20;

    private final StorePath top;
    private final Function<StorePath, Answer<NarInfo, CacheFailure>> infos;
    private final ExecutorService threads;

    // all of these under the lock of this object
    private final Map<StorePath, Answer<NarInfo, CacheFailure>> answers = new HashMap<>();
    private final Set<StorePath> seen = new HashSet<>();
    private final Set<StorePath> valid = new HashSet<>();
    private final Set<StorePath> fetching = new HashSet<>();
    private List<StorePath> unasked = new ArrayList<>();
    private long held;

    /**
     * Begins, before the target is there to be asked.
     *
     * @param infos what the caches say of a path; asked by several threads
     * @param requests that the caches are asked at the same time
     */
    ClosureWalk(StorePath top, Function<StorePath, Answer<NarInfo, CacheFailure>> infos, int requests) {
        this.top = top;
        this.infos = infos;
        this.threads = Executors.newFixedThreadPool(requests, Thread.ofVirtual().factory());
        discover(List.of(top));
    }

    /** Which of the paths are valid on the target; asked by one thread. */
    @FunctionalInterface
    interface Target {
        Answer<Set<StorePath>, ServeFailure> valid(Collection<StorePath> paths);
    }

    /** What is missing, each after all that it refers to; once. */
    Answer<List<NarInfo>, PushFailure> missing(Target target) {
        try {
            for (List<StorePath> asked = next(); !asked.isEmpty(); asked = next()) {
                switch (target.valid(asked)) {
                    case Answer.Is<Set<StorePath>, ServeFailure>(Set<StorePath> there) -> told(there);
                    case Answer.Not<Set<StorePath>, ServeFailure>(ServeFailure failure) -> {
                        return Answer.not(new PushFailure.Target(failure));
                    }
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Answer.not(new PushFailure.Source(new CacheFailure.CacheUnavailable("the cache", "stopped")));
        }
        return switch (reached().then(ReferenceOrder::of)) {
            case Answer.Is<List<NarInfo>, CacheFailure>(List<NarInfo> order) -> Answer.is(order);
            case Answer.Not<List<NarInfo>, CacheFailure>(CacheFailure failure) ->
                Answer.not(new PushFailure.Source(failure));
        };
    }

    private synchronized void discover(Collection<StorePath> paths) {
        for (StorePath path : paths) {
            if (!isTooMuch() && !threads.isShutdown() && seen.add(path)) {
                unasked.add(path);
                fetching.add(path);
                threads.execute(() -> fetch(path));
            }
        }
    }

    private void fetch(StorePath path) {
        Answer<NarInfo, CacheFailure> answer = null;
        try {
            answer = wanted(path) ? infos.apply(path) : null;
        } finally {
            fetched(path, answer);
        }
    }

    private synchronized boolean wanted(StorePath path) {
        return !isTooMuch() && !valid.contains(path);
    }

    private synchronized void fetched(StorePath path, @Nullable Answer<NarInfo, CacheFailure> answer) {
        fetching.remove(path);
        if (answer != null && wanted(path)) {
            answers.put(path, answer);
            if (answer instanceof Answer.Is<NarInfo, CacheFailure>(NarInfo info)) {
                held += info.memory();
                discover(info.references());
            }
        }
        notifyAll();
    }

    /** What the target has not been asked for; empty when there will be no more. */
    private synchronized List<StorePath> next() throws InterruptedException {
        while (unasked.isEmpty() && !fetching.isEmpty()) {
            wait();
        }
        List<StorePath> next = unasked;
        unasked = new ArrayList<>();
        return next;
    }

    private synchronized void told(Set<StorePath> there) {
        valid.addAll(there);
        fetching.removeAll(there);
    }

    private boolean isTooMuch() {
        return seen.size() >= MOST || held >= LARGEST;
    }

    /** Only what is reached through missing paths: what a cache says of a valid one may not hold for the target's. */
    private synchronized Answer<Collection<NarInfo>, CacheFailure> reached() {
        if (isTooMuch()) {
            return Answer.not(new CacheFailure.TooManyPaths(MOST, LARGEST));
        }
        Map<StorePath, NarInfo> missing = new HashMap<>();
        Queue<StorePath> reached = new ArrayDeque<>(List.of(top));
        for (StorePath path = reached.poll(); path != null; path = reached.poll()) {
            if (missing.containsKey(path) || valid.contains(path)) {
                continue;
            }
            switch (Objects.requireNonNull(answers.get(path), path::toString)) {
                case Answer.Is<NarInfo, CacheFailure>(NarInfo info) -> {
                    missing.put(path, info);
                    reached.addAll(info.references());
                }
                case Answer.Not<NarInfo, CacheFailure>(CacheFailure failure) -> {
                    return Answer.not(failure);
                }
            }
        }
        return Answer.is(missing.values());
    }

    /** What is still on its way is not wanted. */
    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
