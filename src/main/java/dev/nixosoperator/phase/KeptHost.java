package dev.nixosoperator.phase;

import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.RemoteHost;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection that knows since when nobody uses it: one that runs a command is in use, however long that takes. */
final class KeptHost implements RemoteHost {
    private final RemoteHost host;
    private final InstantSource clock;
    private final AtomicInteger running = new AtomicInteger();
    private volatile Instant used;

    KeptHost(RemoteHost host, InstantSource clock) {
        this.host = host;
        this.clock = clock;
        this.used = clock.instant();
    }

    void use() {
        used = clock.instant();
    }

    boolean isIdleSince(Instant limit) {
        return running.get() == 0 && used.isBefore(limit);
    }

    @Override
    public CommandResult run(Command command) {
        running.incrementAndGet();
        try {
            return host.run(command);
        } finally {
            use();
            running.decrementAndGet();
        }
    }

    @Override
    public boolean isOpen() {
        return host.isOpen();
    }

    @Override
    public void close() {
        host.close();
    }
}
