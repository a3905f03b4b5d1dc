package dev.nixosoperator.nix;

import dev.nixosoperator.nix.Sources.Fetched;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Gives a store what it lacks of a path and all it refers to, out of binary caches and through this process: the target
 * needs no way to a cache. Small archives are fetched ahead and checked before anything of them is sent; large ones pass
 * through piece by piece, in memory that does not depend on their size.
 *
 * <p>After a failure another push, with a new connection, goes on with what is missing. May be used by several threads,
 * and again.
 */
public final class ClosurePush {
    /** To the caches, at the same time. */
    static final int REQUESTS = 16;
    /** Of archives that were fetched ahead. */
    private static final long BUDGET = 32L << 20;
    /** Bytes of a large archive between two reports. */
    private static final long STEP = 1 << 20;

    private final List<BinaryCache> caches;
    private final Consumer<Progress> listener;

    /**
     * How far a push is. A listener is called by the pushing thread.
     *
     * @param paths that the target is known to have registered
     * @param allPaths that it lacked
     * @param bytes of archives, unpacked, that were sent
     * @param allBytes of all archives that it lacked
     */
    public record Progress(int paths, int allPaths, long bytes, long allBytes) {}

    /**
     * @param paths that the target lacked, and now has
     * @param bytes of their archives, unpacked
     * @param despite for each cache that did not do what it should the first that was wrong, though it went without
     */
    public record Done(int paths, long bytes, List<CacheFailure> despite) {
        public Done {
            despite = List.copyOf(despite);
        }
    }

    /** @param caches in the order in which they are asked; they stay the caller's */
    public ClosurePush(List<BinaryCache> caches, Consumer<Progress> listener) {
        this.caches = List.copyOf(caches);
        this.listener = listener;
    }

    /**
     * Waits as long as the streams do: a deadline closes them.
     *
     * @param from what {@code nix-store --serve --write} writes on the target
     * @param to what it reads; both stay the caller's, who closes them in the end, also for Nix to forget a path that
     *     was sent in part
     */
    public Answer<Done, PushFailure> push(InputStream from, OutputStream to, StorePath top) {
        Sources sources = new Sources(caches);
        return missing(sources, from, to, top)
                .then(begun -> new Sending(begun.client(), sources, begun.missing()).all());
    }

    private record Begun(ServeClient client, List<NarInfo> missing) {}

    /** The caches are asked while the server starts. */
    private static Answer<Begun, PushFailure> missing(
            Sources sources, InputStream from, OutputStream to, StorePath top) {
        try (ClosureWalk walk = new ClosureWalk(top, sources::narInfo, REQUESTS)) {
            return switch (ServeClient.open(from, to)) {
                case Answer.Not<ServeClient, ServeFailure>(ServeFailure failure) -> Answer.not(PushFailure.of(failure));
                case Answer.Is<ServeClient, ServeFailure>(ServeClient client) ->
                    walk.missing(paths -> client.validPaths(paths, true))
                            .then(missing -> Answer.is(new Begun(client, missing)));
            };
        }
    }

    private final class Sending {
        private final ServeClient client;
        private final Sources sources;
        private final List<NarInfo> missing;
        private final long allBytes;
        private long bytes;
        private long reported;

        Sending(ServeClient client, Sources sources, List<NarInfo> missing) {
            this.client = client;
            this.sources = sources;
            this.missing = missing;
            this.allBytes =
                    missing.stream().mapToLong(info -> info.nar().size()).sum();
        }

        Answer<Done, PushFailure> all() {
            report(0);
            try (Prefetch ahead = new Prefetch(sources, missing, REQUESTS, BUDGET)) {
                for (NarInfo info : missing) {
                    Optional<PushFailure> failure = one(info, ahead.next());
                    if (failure.isPresent()) {
                        return Answer.not(failure.get());
                    }
                    bytes += info.nar().size();
                    report(bytes);
                }
            }
            Optional<ServeFailure> failure = client.finish();
            report(bytes);
            return failure.<Answer<Done, PushFailure>>map(target -> Answer.not(PushFailure.of(target)))
                    .orElseGet(() -> Answer.is(new Done(missing.size(), bytes, sources.wrong())));
        }

        private Optional<PushFailure> one(NarInfo info, Optional<Answer<Fetched, CacheFailure>> ahead) {
            if (ahead.isEmpty()) {
                return client.add(info, to -> sources.copyNar(info, new CountedOutput(to, this::passing)))
                        .map(PushFailure::of);
            }
            return switch (ahead.get()) {
                case Answer.Is<Fetched, CacheFailure>(Fetched fetched) ->
                    client.add(fetched.info(), to -> {
                                fetched.nar().writeTo(to);
                                return Optional.empty();
                            })
                            .map(PushFailure::of);
                case Answer.Not<Fetched, CacheFailure>(CacheFailure failure) -> {
                    client.finish(); // for what was sent to count
                    yield Optional.of(new PushFailure.Source(failure));
                }
            };
        }

        private void passing(long some) {
            if (bytes + some - reported >= STEP) {
                report(bytes + some);
            }
        }

        private void report(long sent) {
            reported = sent;
            listener.accept(new Progress(client.taken(), missing.size(), sent, allBytes));
        }
    }
}
