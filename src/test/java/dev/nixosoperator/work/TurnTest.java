package dev.nixosoperator.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TurnTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final Turnstile works = new Turnstile(1);
    private final Turnstile other = new Turnstile(1);

    private Turn turn() {
        return new Turn(works, InstantSource.system());
    }

    @Test
    void whoWaitsKnowsItsPlace() {
        Turn first = turn();
        Turn second = turn();
        Turn third = turn();
        assertThat(first.place()).isEmpty();
        assertThat(second.place()).contains(new Place(1, 2));
        assertThat(third.place()).contains(new Place(2, 2));
        assertThat(works.next()).contains(new Place(3, 3));
        second.cancel();
        assertThat(second.begin()).isFalse();
        assertThat(third.place()).contains(new Place(1, 1));
        first.end();
        assertThat(third.begin()).isTrue();
        assertThat(third.place()).isEmpty();
    }

    @Test
    void whoIsAwayMakesRoomAndReturnsBeforeThoseWhoNeverWorked() {
        Turn first = turn();
        Turn second = turn();
        Turn third = turn();
        assertThat(first.begin()).isTrue();
        first.away();
        assertThat(second.begin()).isTrue();
        List<String> order = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> back = run(() -> {
            first.back();
            order.add("first");
            first.end();
        });
        await().until(() -> first.place().equals(Optional.of(new Place(1, 2))));
        assertThat(third.place()).contains(new Place(2, 2));
        CompletableFuture<Void> begins = run(() -> {
            third.begin();
            order.add("third");
            third.end();
        });
        second.end();
        back.join();
        begins.join();
        assertThat(order).containsExactly("first", "third");
        assertThat(works.inside()).isZero();
    }

    @Test
    void waitingForAnotherLimitHasADeadlineAndEndsWhenCancelled() {
        Turn holder = turn();
        assertThat(holder.within(other, LONG, () -> turn().within(other, Duration.ofMillis(5), () -> "in")))
                .contains(Optional.empty());

        Turn waiter = turn();
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Optional<String>> held = supply(() -> holder.within(other, LONG, () -> {
            awaitQuietly(release);
            return "held";
        }));
        await().until(() -> other.inside() == 1);
        CompletableFuture<Optional<String>> waits = supply(() -> waiter.within(other, LONG, () -> "in"));
        await().until(() -> other.waiting() == 1);
        waiter.cancel();
        assertThat(waits.join()).isEmpty();
        assertThat(other.waiting()).isZero();
        release.countDown();
        assertThat(held.join()).contains("held");
        assertThat(other.inside()).isZero();
    }

    @Test
    void whatTakesLongGivesItsPlacesAwayAndGoesOn() {
        Turn slow = turn();
        Turn next = turn();
        CountDownLatch answers = new CountDownLatch(1);
        CompletableFuture<Optional<String>> connects =
                supply(() -> slow.brieflyWithin(other, LONG, Duration.ofMillis(10), () -> {
                    awaitQuietly(answers);
                    return "connected";
                }));
        assertThat(next.begin()).isTrue();
        assertThat(next.within(other, LONG, () -> "next")).contains("next");
        answers.countDown();
        assertThat(connects.join()).contains("connected");
        next.end();
        slow.back();
        assertThat(slow.place()).isEmpty();
        assertThat(works.inside()).isEqualTo(1);
    }

    @Test
    void whatIsDoneInTimeKeepsItsPlace() throws InterruptedException {
        Turn quick = turn();
        Duration brief = Duration.ofMillis(20);
        assertThat(quick.brieflyWithin(other, LONG, brief, () -> "connected")).contains("connected");
        assertThat(other.inside()).isZero();
        // a second one, begun later, is late after the first would have been: the first was not taken for late
        Turnstile third = new Turnstile(1);
        CountDownLatch answers = new CountDownLatch(1);
        Turn slow = new Turn(third, InstantSource.system());
        CompletableFuture<Optional<String>> late = supply(() -> slow.brieflyWithin(other, LONG, brief, () -> {
            awaitQuietly(answers);
            return "";
        }));
        await().until(() -> third.inside() == 0);
        assertThat(works.inside()).isEqualTo(1);
        answers.countDown();
        late.join();
    }

    private static CompletableFuture<Void> run(Runnable task) {
        return CompletableFuture.runAsync(task, Thread::startVirtualThread);
    }

    private static <T> CompletableFuture<T> supply(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, Thread::startVirtualThread);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
