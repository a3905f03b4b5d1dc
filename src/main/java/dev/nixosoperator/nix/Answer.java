package dev.nixosoperator.nix;

import java.util.function.Function;

/** What was asked for, or the named reason why there is none. */
public sealed interface Answer<T, F> {
    record Is<T, F>(T value) implements Answer<T, F> {}

    record Not<T, F>(F failure) implements Answer<T, F> {}

    static <T, F> Answer<T, F> is(T value) {
        return new Is<>(value);
    }

    static <T, F> Answer<T, F> not(F failure) {
        return new Not<>(failure);
    }

    default <R> Answer<R, F> then(Function<T, Answer<R, F>> next) {
        return switch (this) {
            case Is<T, F>(T value) -> next.apply(value);
            case Not<T, F>(F failure) -> not(failure);
        };
    }
}
