package dev.nixosoperator.nix;

import org.jspecify.annotations.Nullable;

/** Why a store does not take what it was given. After any of these the connection is of no more use. */
public sealed interface ServeFailure {
    /**
     * What answers is no {@code nix-store --serve}.
     *
     * @param said what it said instead, as far as it can be printed, such as a greeting of the login shell
     */
    record NotServing(String said) implements ServeFailure {}

    /** It speaks another version of the protocol. */
    record Incompatible(long major, long minor) implements ServeFailure {}

    /**
     * It ended. The protocol has no errors: whatever is wrong, Nix writes why to its standard error and goes.
     *
     * @param at the first path that it did not say to have; null: it had all that it was given
     */
    record Ended(@Nullable StorePath at) implements ServeFailure {}

    /** It says itself that it does not have the path. */
    record Refused(StorePath path) implements ServeFailure {}

    /** Its answer is none of the protocol's. */
    record Garbled(WireFault fault) implements ServeFailure {}

    /** What it was given was not what the cache promised; the path is not registered. */
    record BadSource(CacheFailure failure) implements ServeFailure {}

    /** One line for a person, to which belongs what was written to standard error. */
    default String message() {
        return switch (this) {
            case NotServing(String said) -> "no answer of nix-store --serve" + (said.isEmpty() ? "" : ": " + said);
            case Incompatible(long major, long minor) ->
                "nix-store --serve speaks version " + major + "." + minor + ", 2.5 or newer is needed";
            case Ended(StorePath at) -> "nix-store --serve ended" + (at == null ? "" : " before it had " + at);
            case Refused(StorePath path) -> "nix-store --serve did not take " + path;
            case Garbled(WireFault fault) -> "the answer of nix-store --serve is broken: " + fault;
            case BadSource(CacheFailure failure) -> failure.message();
        };
    }
}
