package dev.nixosoperator.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The promises of the safety model, kept through random lives. At most one format per approval; no format before its
 * intent is acknowledged; a foreign marker is never overwritten; an adopted machine is never formatted unasked; what is
 * built and installed is the revision that was acknowledged.
 */
class CrashHistoriesTest {
    private static final int HISTORIES = Integer.getInteger("histories", 100_000);
    private static final long SEED = 20_261_121L;

    @Test
    void everyPromiseIsKeptInEveryHistory() {
        AtomicReference<String> broken = new AtomicReference<>();
        AtomicInteger formats = new AtomicInteger();
        AtomicInteger builds = new AtomicInteger();
        AtomicInteger ready = new AtomicInteger();
        inParallel(seed -> {
            if (broken.get() == null) {
                History history = new History(seed, false);
                Decision end = history.live();
                formats.addAndGet(history.formats());
                builds.addAndGet(history.builds());
                if (end instanceof Decision.Idle || end instanceof Decision.Look) {
                    ready.incrementAndGet();
                }
                if (!history.violations.isEmpty()) {
                    broken.set(told(seed));
                }
            }
        });
        if (broken.get() != null) {
            fail(broken.get());
        }
        // The histories must be worth something: most format once and many end ready.
        assertThat(formats.get()).isGreaterThan(HISTORIES / 4);
        assertThat(builds.get()).isGreaterThan(HISTORIES / 20);
        assertThat(ready.get()).isGreaterThan(HISTORIES / 4);
        System.out.printf(
                "%d histories, %d formats, %d builds, %d ended ready%n",
                HISTORIES, formats.get(), builds.get(), ready.get());
    }

    /** On threads of its own: the common ones would be missing to the tests beside it for as long. */
    private static void inParallel(LongConsumer history) {
        try (ForkJoinPool threads = new ForkJoinPool()) {
            threads.submit(() ->
                            LongStream.range(SEED, SEED + HISTORIES).parallel().forEach(history))
                    .join();
        }
    }

    /** The same life once more, with its story. */
    private static String told(long seed) {
        History again = new History(seed, true);
        again.live();
        return "seed " + seed + ": " + again.violations + "\n" + String.join("\n", again.trace());
    }
}
