package dev.nixosoperator.work;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One try among the others: whether it works, waits for its turn, or is away, waiting for its machine only. Its own
 * thread calls the methods; those that say so are for every thread.
 */
public final class Turn {
    private final Turnstile works;
    private final InstantSource clock;
    private final Instant asked;
    private volatile boolean cancelled;
    private Turnstile.Ticket place;
    private Turnstile.@Nullable Ticket awaited;
    private Turnstile.@Nullable Ticket guest;
    private volatile Duration waited = Duration.ZERO;

    Turn(Turnstile works, InstantSource clock) {
        this.works = works;
        this.clock = clock;
        this.asked = clock.instant();
        this.place = works.enter();
        this.awaited = place;
    }

    /** Waits for the first place; false where the try was cancelled before. */
    boolean begin() {
        return await(place, asked, Turnstile.FOREVER);
    }

    void end() {
        away();
    }

    /** A try that waits for its turn leaves the queue; one that works only learns that it is no longer wanted. Any thread. */
    synchronized void cancel() {
        cancelled = true;
        if (awaited != null) {
            awaited.giveUp();
        }
    }

    /** Any thread. */
    public boolean cancelled() {
        return cancelled;
    }

    /** Its place among those that wait to work; empty: it works, or is away. Any thread. */
    synchronized Optional<Place> place() {
        return place.place();
    }

    /** How long it has waited for its turns so far. */
    public Duration waited() {
        return waited;
    }

    /** From here on it only waits for its machine: another one may work. Any thread. */
    public synchronized void away() {
        place.close();
    }

    /** It works again as soon as there is a place; a cancelled one at once, for it is about to end. */
    public void back() {
        if (cancelled || place.isInside()) {
            return;
        }
        Instant since = clock.instant();
        Turnstile.Ticket again = works.enterAgain();
        synchronized (this) {
            place = again;
        }
        await(again, since, Turnstile.FOREVER);
    }

    /**
     * Does something under another limit when it is its turn there.
     *
     * @param longest wait for its turn
     * @return empty where its turn did not come in time, or it was cancelled
     */
    public <T> Optional<T> within(Turnstile limit, Duration longest, Supplier<T> work) {
        try (Turnstile.Ticket there = limit.enter()) {
            return await(there, clock.instant(), longest) ? Optional.of(work.get()) : Optional.empty();
        }
    }

    /**
     * As {@link #within}, but what is not done after a while is taken for waiting: it goes on, but its place there and
     * the one among those that work are for others.
     */
    public <T> Optional<T> brieflyWithin(Turnstile limit, Duration longest, Duration brief, Supplier<T> work) {
        try (Turnstile.Ticket there = limit.enter()) {
            if (!await(there, clock.instant(), longest)) {
                return Optional.empty();
            }
            enters(there);
            CompletableFuture.delayedExecutor(brief.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                    .execute(() -> late(there));
            try {
                return Optional.of(work.get());
            } finally {
                enters(null);
            }
        }
    }

    private synchronized void enters(Turnstile.@Nullable Ticket there) {
        guest = there;
    }

    /** Only while it is still there: a place that was taken since then is not given away. */
    private synchronized void late(Turnstile.Ticket there) {
        if (there.equals(guest)) {
            there.close();
            away();
        }
    }

    private boolean await(Turnstile.Ticket ticket, Instant since, Duration longest) {
        synchronized (this) {
            awaited = ticket;
            if (cancelled) {
                ticket.giveUp();
            }
        }
        try {
            return ticket.await(longest);
        } finally {
            synchronized (this) {
                awaited = null;
                waited = waited.plus(Duration.between(since, clock.instant()));
            }
        }
    }
}
