package dev.nixosoperator.phase;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Notes what a step does with its turns; gives none where it is told so. */
final class TestTurns implements Turns {
    final List<String> calls = new ArrayList<>();
    Instant deadline = Instant.MAX;
    boolean none;
    Duration queue = Duration.ZERO;
    Runnable meanwhile = () -> {};

    @Override
    public Instant deadline() {
        return deadline;
    }

    @Override
    public void away() {
        calls.add("away");
    }

    @Override
    public void back() {
        meanwhile.run();
        calls.add("back");
    }

    @Override
    public <T> Optional<T> connecting(Supplier<T> connect) {
        return turn("connects", connect);
    }

    @Override
    public <T> Optional<T> uploading(Supplier<T> upload) {
        deadline = deadline.plus(queue);
        meanwhile.run();
        return turn("uploads", upload);
    }

    private <T> Optional<T> turn(String what, Supplier<T> work) {
        if (none) {
            return Optional.empty();
        }
        calls.add(what);
        T done = work.get();
        calls.add(what + " no more");
        return Optional.of(done);
    }
}
