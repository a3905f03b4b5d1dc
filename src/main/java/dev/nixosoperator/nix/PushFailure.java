package dev.nixosoperator.nix;

/** Why a closure did not get onto a target. What arrived stays there: another push goes on with the rest. */
public sealed interface PushFailure {
    /** The caches do not give a path, or not rightly. */
    record Source(CacheFailure failure) implements PushFailure {}

    /** The target did not take it. */
    record Target(ServeFailure failure) implements PushFailure {}

    static PushFailure of(ServeFailure failure) {
        return failure instanceof ServeFailure.BadSource(CacheFailure source)
                ? new Source(source)
                : new Target(failure);
    }

    /** One line for a person. */
    default String message() {
        return switch (this) {
            case Source(CacheFailure failure) -> failure.message();
            case Target(ServeFailure failure) -> failure.message();
        };
    }
}
