package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.Endpoint;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Asks whether a machine is up by other means than SSH, all at once. An echo request needs rights that a container
 * seldom has; then the JDK asks the echo port (7) instead, and a refusal is an answer as well. A firewall that drops what
 * it does not know often leaves the web's ports open.
 */
final class SignOfLife {
    private static final Duration NAME = Duration.ofMillis(500);
    private static final int PATIENCE_MS = 1500;
    private static final List<Integer> PORTS = List.of(22, 80, 443);

    private SignOfLife() {}

    static boolean of(Endpoint endpoint) {
        if (!(Addresses.resolve(endpoint, NAME) instanceof Addresses.Found(var addresses))) {
            return false;
        }
        List<CompletableFuture<Boolean>> asked = addresses.stream()
                .flatMap(at -> questions(at.getAddress()))
                .map(question -> CompletableFuture.supplyAsync(question, Thread::startVirtualThread))
                .toList();
        return asked.stream().anyMatch(CompletableFuture::join);
    }

    private static Stream<Supplier<Boolean>> questions(InetAddress address) {
        return Stream.concat(
                Stream.of(() -> echoes(address)),
                PORTS.stream().map(port -> () -> takesOrRefuses(new InetSocketAddress(address, port))));
    }

    private static boolean echoes(InetAddress address) {
        try {
            return address.isReachable(PATIENCE_MS);
        } catch (IOException unreachable) {
            return false;
        }
    }

    private static boolean takesOrRefuses(InetSocketAddress door) {
        try (Socket socket = new Socket()) {
            socket.connect(door, PATIENCE_MS);
            return true;
        } catch (ConnectException e) {
            return Objects.toString(e.getMessage(), "").contains("refused");
        } catch (IOException silent) {
            return false;
        }
    }
}
