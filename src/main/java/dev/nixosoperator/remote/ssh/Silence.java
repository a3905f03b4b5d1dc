package dev.nixosoperator.remote.ssh;

import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Ends what says nothing for too long. */
final class Silence implements AutoCloseable {
    private final Deadlines deadlines;
    private final long limit;
    private final Runnable tooLong;
    private volatile long broken = System.nanoTime();
    private @Nullable Future<?> look;
    private boolean over;

    /** Begins now. */
    Silence(Deadlines deadlines, Duration limit, Runnable tooLong) {
        this.deadlines = deadlines;
        this.limit = limit.toNanos();
        this.tooLong = tooLong;
        look();
    }

    /** Something was said: it begins anew. */
    void isBroken() {
        broken = System.nanoTime();
    }

    private synchronized void look() {
        long left = limit - (System.nanoTime() - broken);
        if (over) {
            return;
        }
        if (left <= 0) {
            tooLong.run();
        } else {
            look = deadlines.after(Duration.ofNanos(left), this::look);
        }
    }

    @Override
    public synchronized void close() {
        over = true;
        if (look != null) {
            look.cancel(false);
        }
    }
}
