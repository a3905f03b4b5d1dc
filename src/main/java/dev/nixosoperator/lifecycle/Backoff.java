package dev.nixosoperator.lifecycle;

import java.time.Duration;

/**
 * Pauses between tries: from 5 s, doubled each time, to 10 min. Up to a quarter of it is jitter, so that many machines
 * that failed together do not come back together.
 */
final class Backoff {
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST_WITHOUT_JITTER = Duration.ofMinutes(8);

    private Backoff() {}

    /**
     * @param failures in a row, from 1
     * @param who spreads machines; the same machine and count give the same pause
     */
    static Duration pause(int failures, String who) {
        long base = Math.min(LONGEST_WITHOUT_JITTER.toMillis(), FIRST.toMillis() << Math.min(failures - 1, 20));
        int spread = Math.floorMod((who + failures).hashCode(), 1000);
        return Duration.ofMillis(base + base * spread / 4000);
    }
}
