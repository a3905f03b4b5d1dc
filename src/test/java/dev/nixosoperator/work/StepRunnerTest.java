package dev.nixosoperator.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepRunnerTest {
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final StepRunner<String, Integer, String> runner = new StepRunner<>(
            2, InstantSource.system(), thrown -> thrown.getClass().getSimpleName(), ended::add);

    private String next() throws InterruptedException {
        String key = ended.poll(5, TimeUnit.SECONDS);
        return key == null ? "nothing ended" : key;
    }

    @Test
    void keepsAnOutcomeUntilItIsForgotten() throws InterruptedException {
        assertThat(runner.start("a", 1, turn -> "done")).isTrue();
        assertThat(next()).isEqualTo("a");
        assertThat(runner.result("a")).contains(new StepRunner.Ended<>(1, "done"));
        assertThat(runner.start("a", 1, turn -> "again")).isFalse();
        runner.forget("a", 2);
        assertThat(runner.result("a")).isPresent();
        runner.forget("a", 1);
        assertThat(runner.result("a")).isEmpty();
        assertThat(runner.start("a", 1, turn -> "again")).isTrue();
    }

    @Test
    void runsOneTryOfAKeyAtATime() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        runner.start("a", 1, turn -> {
            go.await();
            return "first";
        });
        assertThat(runner.start("a", 1, turn -> "same")).isFalse();
        assertThat(runner.start("a", 2, turn -> "other")).isFalse();
        assertThat(runner.running("a")).contains(1);
        go.countDown();
        assertThat(next()).isEqualTo("a");
        assertThat(runner.running("a")).isEmpty();
        // an outcome that nobody wants any more gives way to the next attempt
        assertThat(runner.start("a", 2, turn -> "other")).isTrue();
    }

    @Test
    void whateverIsThrownBecomesAnOutcome() throws InterruptedException {
        runner.start("a", 1, turn -> {
            throw new StackOverflowError();
        });
        next();
        assertThat(runner.result("a")).contains(new StepRunner.Ended<>(1, "StackOverflowError"));
    }

    @Test
    void aWorkingTryLearnsThatItIsCancelled() throws InterruptedException {
        CountDownLatch works = new CountDownLatch(1);
        runner.start("a", 1, turn -> {
            works.countDown();
            while (!turn.cancelled()) {
                LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            }
            return "stopped";
        });
        works.await();
        runner.cancel("a");
        next();
        assertThat(runner.result("a")).contains(new StepRunner.Ended<>(1, "stopped"));
    }

    @Test
    void aWaitingTryIsCancelledAtOnce() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        block("x", go);
        block("y", go);
        runner.start("a", 1, turn -> "worked");
        assertThat(runner.queued()).isEqualTo(1);
        runner.cancel("a");
        assertThat(runner.queued()).isZero();
        assertThat(next()).isEqualTo("a");
        assertThat(runner.result("a")).contains(new StepRunner.Ended<>(1, "CancellationException"));
        assertThat(runner.working()).isEqualTo(2);
        go.countDown();
    }

    @Test
    void aTryThatWaitsKnowsItsPlaceAndTheNextOneTheirs() {
        CountDownLatch go = new CountDownLatch(1);
        block("x", go);
        assertThat(runner.next()).isEmpty();
        block("y", go);
        assertThat(runner.next()).contains(new Place(1, 1));
        runner.start("a", 1, turn -> "worked");
        assertThat(runner.place("a")).contains(new Place(1, 1));
        assertThat(runner.place("x")).isEmpty();
        assertThat(runner.next()).contains(new Place(2, 2));
        go.countDown();
    }

    @Test
    void noMoreThanTheLimitWorkAndOrderIsKept() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch allWereHeard = new CountDownLatch(1);
        block("x", go);
        block("y", allWereHeard); // one place is left: two that begin together may speak in any order
        AtomicInteger most = new AtomicInteger();
        List<String> order = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 20; i++) {
            String key = "k" + i;
            runner.start(key, 1, turn -> {
                order.add(key);
                most.accumulateAndGet(runner.working(), Math::max);
                LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
                return "";
            });
            assertThat(runner.queued()).isEqualTo(i + 1);
        }
        go.countDown();
        for (int i = 0; i < 21; i++) {
            next();
        }
        allWereHeard.countDown();
        assertThat(most.get()).isLessThanOrEqualTo(2);
        assertThat(order)
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(i -> "k" + i).toList());
    }

    @Test
    void closedStartsNothingAndCancelsNothing() throws InterruptedException {
        CountDownLatch works = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger seen = new AtomicInteger(-1);
        CountDownLatch over = new CountDownLatch(1);
        runner.start("a", 1, turn -> {
            works.countDown();
            go.await();
            seen.set(turn.cancelled() ? 1 : 0);
            over.countDown();
            return "";
        });
        works.await();
        runner.close();
        assertThat(runner.start("b", 1, turn -> "")).isFalse();
        go.countDown();
        over.await();
        assertThat(seen).hasValue(0);
        assertThat(ended).isEmpty();
    }

    private void block(String key, CountDownLatch until) {
        CountDownLatch works = new CountDownLatch(1);
        runner.start(key, 1, turn -> {
            works.countDown();
            until.await();
            return "";
        });
        try {
            works.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
