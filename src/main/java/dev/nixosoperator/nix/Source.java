package dev.nixosoperator.nix;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One of {@link Sources}, and how it has behaved. May be used by several threads. */
final class Source {
    /** So often in a row without an answer, and it is asked no more. */
    private static final int GONE = 8;

    final BinaryCache cache;
    private int silences;
    private @Nullable CacheFailure silence;
    private @Nullable CacheFailure wrong;

    Source(BinaryCache cache) {
        this.cache = cache;
    }

    synchronized void gave() {
        silences = 0;
    }

    /** That it does not have something is no misbehaviour. */
    synchronized void failed(CacheFailure failure) {
        if (failure.passing()) {
            silences++;
            silence = failure;
        } else {
            silences = 0;
        }
        if (wrong == null && !(failure instanceof CacheFailure.NotFound)) {
            wrong = failure;
        }
    }

    /** Why it need not be asked. */
    synchronized Optional<CacheFailure> gone() {
        return silences < GONE ? Optional.empty() : Optional.ofNullable(silence);
    }

    /** The first that it did wrong. */
    synchronized Optional<CacheFailure> wrong() {
        return Optional.ofNullable(wrong);
    }
}
