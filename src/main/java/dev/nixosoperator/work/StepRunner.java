package dev.nixosoperator.work;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs at most one try per key, each on its own virtual thread, and no more at a time than the limit; who waits is
 * served in order, and who only waits for its machine makes room. The outcome of a try is kept until it is forgotten, so
 * that a lost wake-up loses nothing.
 *
 * @param <K> what a try is for
 * @param <A> what names a try
 * @param <O> how it ended
 */
public final class StepRunner<K, A, O> implements AutoCloseable {
    /** One try. It ends soon after it is cancelled, or when what it does may not be interrupted. */
    @FunctionalInterface
    public interface Task<O> {
        O call(Turn turn) throws Exception;
    }

    /** A try that ended and whose outcome was not yet forgotten. */
    public record Ended<A, O>(A attempt, O outcome) {}

    private sealed interface Slot<A, O> {
        record Working<A, O>(A attempt, Turn turn) implements Slot<A, O> {}

        record Over<A, O>(A attempt, O outcome) implements Slot<A, O> {}
    }

    private final Turnstile works;
    private final InstantSource clock;
    private final Function<Throwable, O> onThrown;
    private final Consumer<K> onEnded;
    private final ConcurrentMap<K, Slot<A, O>> slots = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * @param limit how many tries may work at the same time
     * @param clock measures what a try waits for its turns
     * @param onThrown makes an outcome of what a try threw; a try that was cancelled before its turn throws {@link
     *     CancellationException}
     * @param onEnded told the key when an outcome is there; called on the try's thread
     */
    public StepRunner(int limit, InstantSource clock, Function<Throwable, O> onThrown, Consumer<K> onEnded) {
        this.works = new Turnstile(limit);
        this.clock = clock;
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
        AtomicReference<Slot.Working<A, O>> started = new AtomicReference<>();
        slots.compute(key, (k, slot) -> switch (slot) {
            case null -> begun(attempt, started);
            case Slot.Working<A, O> other -> other;
            case Slot.Over<A, O> over -> over.attempt().equals(attempt) ? over : begun(attempt, started);
        });
        Slot.Working<A, O> working = started.get();
        if (working == null) {
            return false;
        }
        Thread.ofVirtual().name("step-" + key).start(() -> run(key, working, task));
        return true;
    }

    /** It is in the queue from now on, whenever its thread begins. */
    private Slot.Working<A, O> begun(A attempt, AtomicReference<Slot.Working<A, O>> started) {
        Slot.Working<A, O> working = new Slot.Working<>(attempt, new Turn(works, clock));
        started.set(working);
        return working;
    }

    // Throwable: whatever a try throws must become an outcome, or the machine would never be looked at again.
    @SuppressWarnings("CatchingThrowable")
    private void run(K key, Slot.Working<A, O> working, Task<O> task) {
        O outcome;
        try {
            outcome = inTurn(working.turn(), task);
        } catch (Throwable thrown) {
            outcome = onThrown.apply(thrown);
        }
        slots.replace(key, working, new Slot.Over<>(working.attempt(), outcome));
        if (!closed) {
            onEnded.accept(key);
        }
    }

    private O inTurn(Turn turn, Task<O> task) throws Exception {
        try {
            if (!turn.begin()) {
                throw new CancellationException("cancelled before its turn");
            }
            return task.call(turn);
        } finally {
            turn.end();
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
            working.turn().cancel();
        }
    }

    /** The place of this key's try in the queue; empty: it does not wait for its turn. */
    public Optional<Place> place(K key) {
        return slots.get(key) instanceof Slot.Working<A, O> working
                ? working.turn().place()
                : Optional.empty();
    }

    /** The place that a try would have that starts now; empty: it would work at once. */
    public Optional<Place> next() {
        return works.next();
    }

    /** How many tries work now. */
    public int working() {
        return works.inside();
    }

    /** How many tries wait for their turn. */
    public int queued() {
        return works.waiting();
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
