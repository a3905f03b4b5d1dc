package dev.nixosoperator.nix;

import dev.nixosoperator.nix.Sources.Fetched;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the archives of small paths ahead of their turn, several at the same time, as far as memory allows. Not for
 * several threads.
 */
final class Prefetch implements AutoCloseable {
    /** Bytes of a file that may be fetched ahead. */
    static final int SMALL_FILE = 1 << 20;
    /** Bytes of an archive that may be; its size is signed, that of the file is not. */
    static final int SMALL_NAR = 8 << 20;
    /** What a path takes beside its bytes, by far; so bounds their number, too. */
    static final int OVERHEAD = 64 * 1024;

    private final Sources sources;
    private final Iterator<NarInfo> coming;
    private final long budget;
    private final ExecutorService threads;
    private final Queue<Turn> turns = new ArrayDeque<>();
    /** The first that was not begun, for want of room. */
    private @Nullable NarInfo next;

    private long held;
    private long current;

    /** @param archive null: too large */
    private record Turn(NarInfo info, @Nullable Future<Answer<Fetched, CacheFailure>> archive) {}

    /**
     * @param order in which {@link #next} is called
     * @param requests at the same time
     * @param budget bytes in memory; one path may have more
     */
    Prefetch(Sources sources, List<NarInfo> order, int requests, long budget) {
        this.sources = sources;
        this.coming = order.iterator();
        this.budget = budget;
        this.threads = Executors.newFixedThreadPool(requests, Thread.ofVirtual().factory());
        this.next = following();
    }

    private @Nullable NarInfo following() {
        return coming.hasNext() ? coming.next() : null;
    }

    /** Of the next path in the order; empty when it is too large to be fetched ahead. What was given before is over. */
    Optional<Answer<Fetched, CacheFailure>> next() {
        held -= current;
        begin();
        Turn turn = turns.remove();
        current = cost(turn.info());
        Future<Answer<Fetched, CacheFailure>> archive = turn.archive();
        return archive == null ? Optional.empty() : Optional.of(got(archive));
    }

    private void begin() {
        for (NarInfo info = next; info != null && (turns.isEmpty() || held + cost(info) <= budget); info = next) {
            held += cost(info);
            turns.add(begun(info));
            next = following();
        }
    }

    private Turn begun(NarInfo info) {
        return new Turn(info, small(info) ? threads.submit(() -> sources.fetch(info, SMALL_FILE)) : null);
    }

    private static boolean small(NarInfo info) {
        Long size = info.file().size();
        return size != null && size <= SMALL_FILE && info.nar().size() <= SMALL_NAR;
    }

    private static long cost(NarInfo info) {
        Long size = info.file().size();
        return size != null && small(info) ? OVERHEAD + size + info.nar().size() : OVERHEAD;
    }

    private static Answer<Fetched, CacheFailure> got(Future<Answer<Fetched, CacheFailure>> archive) {
        try {
            return archive.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Answer.not(new CacheFailure.CacheUnavailable("the cache", "stopped"));
        } catch (ExecutionException bug) {
            throw new IllegalStateException(bug.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
