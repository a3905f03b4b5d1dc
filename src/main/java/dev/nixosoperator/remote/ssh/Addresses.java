package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.Endpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Where a name leads. */
sealed interface Addresses {
    /** In the resolver's order. */
    record Found(List<InetSocketAddress> all) implements Addresses {}

    record Unknown(String why) implements Addresses {}

    /** The resolver takes no deadline, so it works on a thread of its own, which is left behind when it is late. */
    static Addresses resolve(Endpoint endpoint, Duration timeout) {
        String host = endpoint.host().replaceAll("^\\[(.*)]$", "$1");
        CompletableFuture<InetAddress[]> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("ssh-dns").start(() -> {
            try {
                answer.complete(InetAddress.getAllByName(host));
            } catch (UnknownHostException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return new Found(Stream.of(answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS))
                    .map(address -> new InetSocketAddress(address, endpoint.port()))
                    .toList());
        } catch (ExecutionException e) {
            return new Unknown("the name " + host + " does not resolve. Check the name, or give an address.");
        } catch (TimeoutException e) {
            return new Unknown("the name " + host + " did not resolve in " + Failures.seconds(timeout)
                    + ". Check the operator's DNS, or give an address.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Unknown("interrupted while resolving " + host + ".");
        }
    }
}
