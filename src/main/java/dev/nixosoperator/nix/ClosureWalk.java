package dev.nixosoperator.nix;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Finds what of a path and all it refers to is missing on a target. Goes down level by level, and not below what the
 * target has: a valid path has all of its references (that is what valid means in Nix).
 *
 * <pre>{@code
 * while (!walk.frontier().isEmpty()) { walk.descend(those of walk.frontier() that the target has); }
 * }</pre>
 */
public final class ClosureWalk {
    /** A system has some thousands. */
    private static final int MOST = 200_000;

    private final BinaryCache cache;
    private final int requests;
    private final Map<StorePath, NarInfo> missing = new HashMap<>();
    private final Set<StorePath> seen = new HashSet<>();
    private Set<StorePath> frontier;

    /** @param requests that the cache is asked at the same time */
    public ClosureWalk(BinaryCache cache, StorePath top, int requests) {
        this.cache = cache;
        this.requests = requests;
        this.frontier = Set.of(top);
        this.seen.add(top);
    }

    /** Paths of which it must be known whether the target has them; empty at the end. */
    public Set<StorePath> frontier() {
        return frontier;
    }

    /**
     * Asks the cache for those of the frontier that are not valid on the target. Their references are the next frontier.
     *
     * @return the first failure; the walk is over then
     */
    public Optional<CacheFailure> descend(Set<StorePath> valid) {
        List<StorePath> wanted =
                frontier.stream().filter(path -> !valid.contains(path)).toList();
        frontier = new HashSet<>();
        for (Answer<NarInfo, CacheFailure> answer : asked(wanted)) {
            switch (answer) {
                case Answer.Not<NarInfo, CacheFailure>(CacheFailure failure) -> {
                    return Optional.of(failure);
                }
                case Answer.Is<NarInfo, CacheFailure>(NarInfo info) -> found(info);
            }
        }
        return seen.size() > MOST ? Optional.of(new CacheFailure.TooManyPaths(MOST)) : Optional.empty();
    }

    private void found(NarInfo info) {
        missing.put(info.path(), info);
        info.references().stream().filter(seen::add).forEach(frontier::add);
    }

    /** The answers; after a failure no more than those that were on their way. */
    private List<Answer<NarInfo, CacheFailure>> asked(List<StorePath> paths) {
        List<Answer<NarInfo, CacheFailure>> answers = new ArrayList<>();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(requests, Thread.ofVirtual().factory())) {
            List<Future<Answer<NarInfo, CacheFailure>>> asked = new ArrayList<>();
            for (StorePath path : paths) {
                Callable<Answer<NarInfo, CacheFailure>> question = () -> cache.narInfo(path);
                asked.add(threads.submit(question));
            }
            for (Future<Answer<NarInfo, CacheFailure>> future : asked) {
                Answer<NarInfo, CacheFailure> answer = answer(future);
                answers.add(answer);
                if (answer instanceof Answer.Not<NarInfo, CacheFailure>) {
                    threads.shutdownNow();
                    break;
                }
            }
        }
        return answers;
    }

    private static Answer<NarInfo, CacheFailure> answer(Future<Answer<NarInfo, CacheFailure>> future) {
        try {
            return future.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Answer.not(new CacheFailure.CacheUnavailable("the cache", "stopped"));
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug.getCause());
        }
    }

    /** What is missing, each after all that it refers to, so that it can be registered as it comes. */
    public Answer<List<NarInfo>, CacheFailure> inOrder() {
        Map<StorePath, Integer> waitsFor = new HashMap<>();
        Map<StorePath, List<NarInfo>> referrers = new HashMap<>();
        Queue<NarInfo> ready =
                new PriorityQueue<>(Comparator.comparing(info -> info.path().base()));
        for (NarInfo info : missing.values()) {
            List<StorePath> before = needed(info);
            waitsFor.put(info.path(), before.size());
            before.forEach(path ->
                    referrers.computeIfAbsent(path, any -> new ArrayList<>()).add(info));
            if (before.isEmpty()) {
                ready.add(info);
            }
        }
        List<NarInfo> order = new ArrayList<>();
        for (NarInfo info = ready.poll(); info != null; info = ready.poll()) {
            order.add(info);
            for (NarInfo referrer : referrers.getOrDefault(info.path(), List.of())) {
                if (waitsFor.merge(referrer.path(), -1, Integer::sum) == 0) {
                    ready.add(referrer);
                }
            }
        }
        Set<StorePath> placed = order.stream().map(NarInfo::path).collect(Collectors.toSet());
        return missing.values().stream()
                .filter(info -> !placed.contains(info.path()))
                .findFirst()
                .<Answer<List<NarInfo>, CacheFailure>>map(info -> Answer.not(cycle(info, placed)))
                .orElseGet(() -> Answer.is(List.copyOf(order)));
    }

    /** What must be there before it. */
    private List<StorePath> needed(NarInfo info) {
        return info.references().stream()
                .filter(path -> missing.containsKey(path) && !path.equals(info.path()))
                .toList();
    }

    /** From any path that could not be placed others lead into the circle, and then round. */
    private CacheFailure cycle(NarInfo unplaced, Set<StorePath> placed) {
        Set<StorePath> passed = new HashSet<>();
        StorePath at = unplaced.path();
        while (passed.add(at)) {
            at = needed(Objects.requireNonNull(missing.get(at))).stream()
                    .filter(path -> !placed.contains(path))
                    .findFirst()
                    .orElseThrow();
        }
        return new CacheFailure.Cycle(at);
    }
}
