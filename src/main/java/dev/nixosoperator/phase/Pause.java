package dev.nixosoperator.phase;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waiting, given from outside so that tests do not wait. */
@FunctionalInterface
public interface Pause {
    /** Parks the (virtual) thread. */
    Pause PARKED = length -> LockSupport.parkNanos(length.toNanos());

    /** Returns after the time, or a little earlier. */
    void of(Duration length);
}
