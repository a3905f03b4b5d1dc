package dev.nixosoperator.lifecycle;

import java.time.Duration;

/** Pauses between tries: 5 s, doubled each time up to 10 min, with up to a quarter of jitter, so that many machines that
 * failed together do not come back together. */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private Backoff() {}

    /**
     * @param failures in a row, from 1
     * @param who spreads machines; the same machine and count give the same pause
     */
    static Duration pause(int failures, String who) {
        long base = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(failures - 1, 20));
        int spread = Math.floorMod((who + failures).hashCode(), 1000);
        return Duration.ofMillis(base + base * spread / 4000);
    }
}
