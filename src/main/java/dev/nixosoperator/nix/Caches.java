package dev.nixosoperator.nix;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/** Binary caches that are asked in order: all of a system comes from those that have it. */
public final class Caches implements AutoCloseable {
    private final List<BinaryCache> caches;

    private Caches(List<BinaryCache> caches) {
        this.caches = List.copyOf(caches);
    }

    /**
     * Opens those that answer; none of them: a failure.
     *
     * @param trusted keys of which one must have signed each path
     * @param patience for each sign of life of a server
     */
    public static Answer<Caches, CacheFailure> open(List<String> urls, List<PublicKey> trusted, Duration patience) {
        List<BinaryCache> open = new ArrayList<>();
        List<CacheFailure> failures = new ArrayList<>();
        for (String url : urls) {
            switch (BinaryCache.open(url, trusted, patience)) {
                case Answer.Is<BinaryCache, CacheFailure>(BinaryCache cache) -> open.add(cache);
                case Answer.Not<BinaryCache, CacheFailure>(CacheFailure failure) -> failures.add(failure);
            }
        }
        return open.isEmpty() && !failures.isEmpty()
                ? Answer.not(failures.size() == 1 ? failures.getFirst() : new CacheFailure.NoneOpens(failures))
                : Answer.is(new Caches(open));
    }

    /**
     * The path and all it refers to, each after what it refers to.
     *
     * @param over asked before each question: nobody waits for the answer any more
     */
    public Answer<List<NarInfo>, CacheFailure> closure(StorePath top, BooleanSupplier over) {
        Sources sources = new Sources(caches);
        Function<StorePath, Answer<NarInfo, CacheFailure>> infos = path -> over.getAsBoolean()
                ? Answer.not(new CacheFailure.CacheUnavailable(path.toString(), "the time is over"))
                : sources.narInfo(path);
        try (ClosureWalk walk = new ClosureWalk(top, infos, ClosurePush.REQUESTS)) {
            return switch (walk.missing(paths -> Answer.is(Set.of()))) {
                case Answer.Is<List<NarInfo>, PushFailure>(List<NarInfo> all) -> Answer.is(all);
                case Answer.Not<List<NarInfo>, PushFailure>(PushFailure.Source(CacheFailure failure)) ->
                    Answer.not(failure);
                case Answer.Not<List<NarInfo>, PushFailure>(PushFailure.Target(ServeFailure failure)) ->
                    throw new IllegalStateException(failure.message());
            };
        }
    }

    /** The text of a file in the directory that a path is; empty where there is none, or the path is a large one. */
    public Answer<Optional<String>, CacheFailure> read(StorePath path, String file) {
        List<CacheFailure> failures = new ArrayList<>();
        for (BinaryCache cache : caches) {
            switch (cache.narInfo(path).then(info -> cache.read(info, file))) {
                case Answer.Is<Optional<String>, CacheFailure> text -> {
                    return text;
                }
                case Answer.Not<Optional<String>, CacheFailure>(CacheFailure failure) -> failures.add(failure);
            }
        }
        return Answer.not(CacheFailure.ofAll(path, failures));
    }

    /** Gives stores what they lack. */
    public ClosurePush push(Consumer<ClosurePush.Progress> listener) {
        return new ClosurePush(caches, listener);
    }

    @Override
    public void close() {
        caches.forEach(BinaryCache::close);
    }
}
