package dev.nixosoperator.work;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * No more than the limit are inside at a time. Who waits is let in in order: first those who were inside before, then
 * those who never were.
 */
public final class Turnstile {
    /** Until it is its turn, or gives up. */
    public static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashSet<Ticket> returning = new LinkedHashSet<>();
    private final LinkedHashSet<Ticket> waiting = new LinkedHashSet<>();
    private int inside;

    public Turnstile(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit of " + limit + " lets nobody in");
        }
        this.limit = limit;
    }

    /** A place inside, or else the last one in the queue. */
    public Ticket enter() {
        return add(waiting);
    }

    /** As {@link #enter()}, before all who come for the first time. */
    public Ticket enterAgain() {
        return add(returning);
    }

    private Ticket add(Set<Ticket> queue) {
        lock.lock();
        try {
            Ticket ticket = new Ticket();
            queue.add(ticket);
            admit();
            return ticket;
        } finally {
            lock.unlock();
        }
    }

    private void admit() {
        while (inside < limit && !(returning.isEmpty() && waiting.isEmpty())) {
            Ticket next = returning.isEmpty() ? waiting.removeFirst() : returning.removeFirst();
            next.at = At.INSIDE;
            next.moved.signalAll();
            inside++;
        }
    }

    /** How many are inside. */
    public int inside() {
        lock.lock();
        try {
            return inside;
        } finally {
            lock.unlock();
        }
    }

    /** How many wait. */
    public int waiting() {
        lock.lock();
        try {
            return returning.size() + waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** The place that the next one to {@link #enter()} would have; empty: it would be inside at once. */
    public Optional<Place> next() {
        lock.lock();
        try {
            int last = returning.size() + waiting.size() + 1;
            return inside < limit ? Optional.empty() : Optional.of(new Place(last, last));
        } finally {
            lock.unlock();
        }
    }

    private enum At {
        QUEUE,
        INSIDE,
        GONE
    }

    /** What one of them holds. */
    public final class Ticket implements AutoCloseable {
        private final Condition moved = lock.newCondition();
        private At at = At.QUEUE;

        private Ticket() {}

        /**
         * Waits for its turn.
         *
         * @return false where it has left: the time was over, it gave up, or the thread was interrupted
         */
        public boolean await(Duration longest) {
            long left = longest.toNanos();
            lock.lock();
            try {
                while (at == At.QUEUE && left > 0) {
                    left = moved.awaitNanos(left);
                }
                giveUp();
                return at == At.INSIDE;
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                giveUp();
                return false;
            } finally {
                lock.unlock();
            }
        }

        /** Leaves the queue; whoever is inside stays there. */
        public void giveUp() {
            leave(At.QUEUE);
        }

        /** Leaves, wherever it is; again is nothing. */
        @Override
        public void close() {
            leave(At.QUEUE);
            leave(At.INSIDE);
        }

        private void leave(At from) {
            lock.lock();
            try {
                if (at != from) {
                    return;
                }
                if (at == At.INSIDE) {
                    inside--;
                }
                at = At.GONE;
                returning.remove(this);
                waiting.remove(this);
                moved.signalAll();
                admit();
            } finally {
                lock.unlock();
            }
        }

        public boolean isInside() {
            lock.lock();
            try {
                return at == At.INSIDE;
            } finally {
                lock.unlock();
            }
        }

        /** Its place in the queue; empty: it does not wait. */
        public Optional<Place> place() {
            lock.lock();
            try {
                int position = 0;
                for (LinkedHashSet<Ticket> queue : List.of(returning, waiting)) {
                    for (Ticket other : queue) {
                        position++;
                        if (other.equals(this)) {
                            return Optional.of(new Place(position, returning.size() + waiting.size()));
                        }
                    }
                }
                return Optional.empty();
            } finally {
                lock.unlock();
            }
        }
    }
}
