package dev.nixosoperator.controller;

import dev.nixosoperator.phase.Turns;
import dev.nixosoperator.work.Turn;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * The turns of one try.
 *
 * @param own when the try would end had it not waited
 * @param latest when it ends in any case: the whole installation's time does not stand still
 * @param stoppable whether a cancelled one may stop where it waits; if not it goes on without a turn
 */
record LimitedTurns(Turn turn, Turnstiles limits, InstantSource clock, Instant own, Instant latest, boolean stoppable)
        implements Turns {
    /** A machine that lets us in at all does so in this time; another one is waited for. */
    static final Duration BRIEF = Duration.ofSeconds(1);

    @Override
    public Instant deadline() {
        Instant late = own.plus(turn.waited());
        return late.isBefore(latest) ? late : latest;
    }

    @Override
    public void away() {
        turn.away();
    }

    @Override
    public void back() {
        turn.back();
    }

    @Override
    public <T> Optional<T> connecting(Supplier<T> connect) {
        return orStopped(turn.brieflyWithin(limits.connects(), CONNECT, BRIEF, connect), connect);
    }

    @Override
    public <T> Optional<T> uploading(Supplier<T> upload) {
        turn.away();
        Duration longest = Duration.between(clock.instant(), latest);
        return orStopped(turn.within(limits.uploads(), longest, upload), upload);
    }

    private <T> Optional<T> orStopped(Optional<T> done, Supplier<T> work) {
        if (done.isPresent() || !turn.cancelled()) {
            return done;
        }
        if (stoppable) {
            throw new CancellationException("cancelled before its turn");
        }
        return Optional.of(work.get());
    }
}
