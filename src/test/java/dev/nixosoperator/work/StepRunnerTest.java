package dev.nixosoperator.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class StepRunnerTest {
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final StepRunner<String, Integer, String> runner =
            new StepRunner<>(2, thrown -> thrown.getClass().getSimpleName(), ended::add);

    private String next() throws InterruptedException {
        String key = ended.poll(5, TimeUnit.SECONDS);
        return key == null ? "nothing ended" : key;
    }

    @Test
    void keepsAnOutcomeUntilItIsForgotten() throws InterruptedException {
        assertThat(runner.start("a", 1, cancelled -> "done")).isTrue();
        assertThat(next()).isEqualTo("a");
        assertThat(runner.result("a")).contains(new StepRunner.Ended<>(1, "done"));
        assertThat(runner.start("a", 1, cancelled -> "again")).isFalse();
        runner.forget("a", 2);
        assertThat(runner.result("a")).isPresent();
        runner.forget("a", 1);
        assertThat(runner.result("a")).isEmpty();
        assertThat(runner.start("a", 1, cancelled -> "again")).isTrue();
    }

    @Test
    void runsOneTryOfAKeyAtATime() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        runner.start("a", 1, cancelled -> {
            go.await();
            return "first";
        });
        assertThat(runner.start("a", 1, cancelled -> "same")).isFalse();
        assertThat(runner.start("a", 2, cancelled -> "other")).isFalse();
        assertThat(runner.running("a")).contains(1);
        go.countDown();
        assertThat(next()).isEqualTo("a");
        assertThat(runner.running("a")).isEmpty();
        // an outcome that nobody wants any more gives way to the next attempt
        assertThat(runner.start("a", 2, cancelled -> "other")).isTrue();
    }

    @Test
    void whateverIsThrownBecomesAnOutcome() throws InterruptedException {
        runner.start("a", 1, cancelled -> {
            throw new StackOverflowError();
        });
        next();
        assertThat(runner.result("a")).contains(new StepRunner.Ended<>(1, "StackOverflowError"));
    }

    @Test
    void aWorkingTryLearnsThatItIsCancelled() throws InterruptedException {
        CountDownLatch works = new CountDownLatch(1);
        runner.start("a", 1, cancelled -> {
            works.countDown();
            while (!cancelled.getAsBoolean()) {
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
        runner.start("a", 1, cancelled -> "worked");
        await().until(() -> runner.queued() == 1);
        runner.cancel("a");
        assertThat(next()).isEqualTo("a");
        assertThat(runner.result("a")).contains(new StepRunner.Ended<>(1, "CancellationException"));
        assertThat(runner.working()).isEqualTo(2);
        go.countDown();
    }

    @Test
    void noMoreThanTheLimitWorkAndOrderIsKept() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        block("x", go);
        block("y", go);
        AtomicInteger most = new AtomicInteger();
        List<String> order = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 20; i++) {
            String key = "k" + i;
            int before = i;
            runner.start(key, 1, cancelled -> {
                order.add(key);
                most.accumulateAndGet(runner.working(), Math::max);
                LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
                return "";
            });
            await().pollInterval(Duration.ofMillis(1)).until(() -> runner.queued() == before + 1);
        }
        go.countDown();
        for (int i = 0; i < 22; i++) {
            next();
        }
        assertThat(most.get()).isLessThanOrEqualTo(2);
        assertThat(order).hasSize(20).startsWith("k0");
    }

    @Test
    void closedStartsNothingAndCancelsNothing() throws InterruptedException {
        CountDownLatch works = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger seen = new AtomicInteger(-1);
        CountDownLatch over = new CountDownLatch(1);
        runner.start("a", 1, cancelled -> {
            works.countDown();
            go.await();
            seen.set(cancelled.getAsBoolean() ? 1 : 0);
            over.countDown();
            return "";
        });
        works.await();
        runner.close();
        assertThat(runner.start("b", 1, cancelled -> "")).isFalse();
        go.countDown();
        over.await();
        assertThat(seen).hasValue(0);
        assertThat(ended).isEmpty();
    }

    private void block(String key, CountDownLatch until) {
        CountDownLatch works = new CountDownLatch(1);
        runner.start(key, 1, cancelled -> {
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
