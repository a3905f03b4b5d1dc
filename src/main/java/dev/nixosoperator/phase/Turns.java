package dev.nixosoperator.phase;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a try shares with those of other machines: it works, connects and uploads when it is its turn. What it waits for
 * its turns is not the step's time.
 */
public interface Turns {
    /** Longest wait for a turn to connect; logins are short, so the queue is. */
    Duration CONNECT = Duration.ofMinutes(5);

    /** The try ends there; later when it had to wait. */
    Instant deadline();

    /** From here on the try only waits for its machine, and another one may work. */
    void away();

    /** The machine answers: the try works again, when it is its turn. */
    void back();

    /** Empty where its turn did not come, or the try is no longer wanted. A machine that is slow to answer is away. */
    <T> Optional<T> connecting(Supplier<T> connect);

    /** Empty where its turn did not come, or the try is no longer wanted. The try is away until it {@link #back}s. */
    <T> Optional<T> uploading(Supplier<T> upload);

    /** For one that is alone. */
    static Turns alone(Instant deadline) {
        return new Turns() {
            @Override
            public Instant deadline() {
                return deadline;
            }

            @Override
            public void away() {}

            @Override
            public void back() {}

            @Override
            public <T> Optional<T> connecting(Supplier<T> connect) {
                return Optional.of(connect.get());
            }

            @Override
            public <T> Optional<T> uploading(Supplier<T> upload) {
                return Optional.of(upload.get());
            }
        };
    }
}
