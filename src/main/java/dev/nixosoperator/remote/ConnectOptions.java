package dev.nixosoperator.remote;

import java.time.Duration;

/**
 * @param connectTimeout for everything until the first command may run: name, TCP, key exchange, login, becoming root
 * @param keepAlive a packet is sent this often; after three without an answer the connection counts as lost. Zero: never
 * @param algorithms older ones that are offered too
 */
public record ConnectOptions(Duration connectTimeout, Duration keepAlive, Algorithms algorithms) {
    /** 15 seconds, as the Connect step allows for a try, and a sign of life every 10 seconds. */
    public static final ConnectOptions DEFAULT = new ConnectOptions(Duration.ofSeconds(15), Duration.ofSeconds(10));

    /** With no older algorithms. */
    public ConnectOptions(Duration connectTimeout, Duration keepAlive) {
        this(connectTimeout, keepAlive, Algorithms.NONE);
    }

    public ConnectOptions with(Algorithms other) {
        return new ConnectOptions(connectTimeout, keepAlive, other);
    }
}
