package dev.nixosoperator.remote.ssh;

import java.time.Duration;

/**
 * The time that one call of connect has.
 *
 * @param end in the time of {@link System#nanoTime()}
 */
record Patience(Duration whole, long end) {
    static Patience of(Duration whole) {
        return new Patience(whole, System.nanoTime() + whole.toNanos());
    }

    Duration left() {
        return Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime()));
    }

    /** With a tolerance, for MINA waits whole milliseconds, rounded down. */
    boolean isOver() {
        return end - System.nanoTime() <= 10_000_000;
    }

    /** {@code 15 s} for messages. */
    String words() {
        return Failures.seconds(whole);
    }
}
