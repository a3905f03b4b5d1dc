package dev.nixosoperator.work;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs at most one try per key, each on its own virtual thread, and no more at a time than the limit; who waits is
 * served in order. The outcome of a try is kept until it is forgotten, so that a lost wake-up loses nothing.
 *
 * @param <K> what a try is for
 * @param <A> what names a try
 * @param <O> how it ended
 */
public final class StepRunner<K, A, O> implements AutoCloseable {
    /** One try. It ends soon after {@code cancelled} turns true, or when what it does may not be interrupted. */
    @FunctionalInterface
    public interface Task<O> {
        O call(BooleanSupplier cancelled) throws Exception;
    }

    /** A try that ended and whose outcome was not yet forgotten. */
    public record Ended<A, O>(A attempt, O outcome) {}

    private sealed interface Slot<A, O> {
        record Working<A, O>(A attempt, Try attemptState) implements Slot<A, O> {}

        record Over<A, O>(A attempt, O outcome) implements Slot<A, O> {}
    }

    /** Where one try is; the only thing that changes. */
    private static final class Try {
        private volatile boolean cancelled;
        private boolean admitted;
        private @Nullable Thread waiting;

        /** A try that still waits for its turn is woken; one that works only learns that it is no longer wanted. */
        synchronized void cancel() {
            cancelled = true;
            if (waiting != null && !admitted) {
                waiting.interrupt();
            }
        }

        synchronized void waits(Thread thread) {
            waiting = thread;
            if (cancelled) {
                thread.interrupt();
            }
        }

        synchronized void admit() {
            admitted = true;
            Thread.interrupted(); // a cancellation that came too late for the queue is seen by the flag
        }
    }

    private final Semaphore permits;
    private final int limit;
    private final Function<Throwable, O> onThrown;
    private final Consumer<K> onEnded;
    private final ConcurrentMap<K, Slot<A, O>> slots = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * @param limit how many tries may work at the same time
     * @param onThrown makes an outcome of what a try threw; a try that was cancelled before its turn throws {@link
     *     CancellationException}
     * @param onEnded told the key when an outcome is there; called on the try's thread
     */
    public StepRunner(int limit, Function<Throwable, O> onThrown, Consumer<K> onEnded) {
        this.limit = limit;
        this.permits = new Semaphore(limit, true);
        this.onThrown = onThrown;
        this.onEnded = onEnded;
    }

    /**
     * Starts a try.
     *
     * @return false where nothing was started: a try of that key runs, or the outcome of this very attempt is unread
     */
    public boolean start(K key, A attempt, Task<O> task) {
        if (closed) {
            return false;
        }
        Try mine = new Try();
        Slot.Working<A, O> working = new Slot.Working<>(attempt, mine);
        Slot<A, O> now = slots.compute(key, (k, slot) -> switch (slot) {
            case null -> working;
            case Slot.Working<A, O> other -> other;
            case Slot.Over<A, O> over -> over.attempt().equals(attempt) ? over : working;
        });
        if (!working.equals(now)) {
            return false;
        }
        Thread.ofVirtual().name("step-" + key).start(() -> run(key, working, task));
        return true;
    }

    // Throwable: whatever a try throws must become an outcome, or the machine would never be looked at again.
    @SuppressWarnings("CatchingThrowable")
    private void run(K key, Slot.Working<A, O> working, Task<O> task) {
        O outcome;
        try {
            outcome = inTurn(working.attemptState(), task);
        } catch (Throwable thrown) {
            outcome = onThrown.apply(thrown);
        }
        slots.replace(key, working, new Slot.Over<>(working.attempt(), outcome));
        if (!closed) {
            onEnded.accept(key);
        }
    }

    private O inTurn(Try state, Task<O> task) throws Exception {
        state.waits(Thread.currentThread());
        try {
            permits.acquire();
        } catch (InterruptedException cancelled) {
            throw new CancellationException("cancelled before its turn");
        }
        try {
            state.admit();
            return task.call(() -> state.cancelled);
        } finally {
            permits.release();
        }
    }

    /** The try of this key that waits or works. */
    public Optional<A> running(K key) {
        return slots.get(key) instanceof Slot.Working<A, O> working ? Optional.of(working.attempt()) : Optional.empty();
    }

    /** The outcome of this key that nobody forgot yet. */
    public Optional<Ended<A, O>> result(K key) {
        return slots.get(key) instanceof Slot.Over<A, O> over
                ? Optional.of(new Ended<>(over.attempt(), over.outcome()))
                : Optional.empty();
    }

    /** Drops the outcome of this attempt, once it is stored elsewhere; any other is kept. */
    public void forget(K key, A attempt) {
        slots.computeIfPresent(
                key,
                (k, slot) ->
                        slot instanceof Slot.Over<A, O> over && over.attempt().equals(attempt) ? null : slot);
    }

    /** Tells the try of this key that it is no longer wanted; its outcome still comes. */
    public void cancel(K key) {
        if (slots.get(key) instanceof Slot.Working<A, O> working) {
            working.attemptState().cancel();
        }
    }

    /** How many tries work now. */
    public int working() {
        return limit - permits.availablePermits();
    }

    /** How many tries wait for their turn, about. */
    public int queued() {
        return permits.getQueueLength();
    }

    /**
     * Nothing is started and nobody is told any more. Tries are not cancelled: that would stop their work on the
     * machines, which is to go on and to be found again.
     */
    @Override
    public void close() {
        closed = true;
    }
}
