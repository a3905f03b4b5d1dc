package dev.nixosoperator.nix;

import dev.nixosoperator.hash.Sha256;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Answers as {@code nix-store --serve --write} does, and ends where that would; {@code NixServeIT} has the real one. Its
 * store outlasts a connection.
 */
public class ServeDouble {
    private static final int MOST = 1 << 20;

    final Set<StorePath> valid = Collections.synchronizedSet(new HashSet<>());
    /** All that was given whole, in this order. */
    final List<StorePath> given = Collections.synchronizedList(new ArrayList<>());
    /** What it was asked for, one collection for each time. */
    final List<Collection<StorePath>> asked = Collections.synchronizedList(new ArrayList<>());

    /** All that it was given, in this order. */
    public List<StorePath> given() {
        return List.copyOf(given);
    }

    @FunctionalInterface
    public interface Talk<T> {
        T with(InputStream from, OutputStream to);
    }

    /** One connection, which is closed afterwards. */
    public <T> T connected(Talk<T> talk) {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(listening.getInetAddress(), listening.getLocalPort());
                Socket server = listening.accept()) {
            Thread serving = Thread.ofVirtual().start(() -> serve(server));
            T result = talk.with(client.getInputStream(), client.getOutputStream());
            client.shutdownOutput();
            serving.join();
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            WireInput in = new WireInput(socket.getInputStream());
            WireOutput out = new WireOutput(socket.getOutputStream());
            in.number();
            in.number();
            out.number(0x5452eecb).number(0x207);
            while (true) {
                switch ((int) in.number()) {
                    case 1 -> query(in, out);
                    case 9 -> add(in, out);
                    default -> throw new EOFException("no command");
                }
            }
        } catch (IOException ended) {
            return;
        }
    }

    private void query(WireInput in, WireOutput out) throws IOException {
        in.number();
        in.number();
        List<StorePath> paths = paths(in);
        asked.add(paths);
        out.strings(paths.stream().filter(valid::contains).toList());
    }

    private void add(WireInput in, WireOutput out) throws IOException {
        StorePath path = path(in);
        in.string(MOST);
        String hash = in.word(MOST);
        List<StorePath> references = paths(in);
        in.number();
        long size = in.number();
        in.number();
        strings(in);
        in.string(MOST);
        byte[] nar = in.bytes(Math.toIntExact(size));
        boolean complete = references.stream().allMatch(to -> to.equals(path) || valid.contains(to));
        if (!takes(path) || !complete || !NixHash.of(Sha256.of(nar)).hex().equals(hash)) {
            throw new EOFException("not what was announced");
        }
        given.add(path);
        valid.add(path);
        out.number(1);
    }

    private static StorePath path(WireInput in) throws IOException {
        return StorePath.parse(in.word(MOST)).orElseThrow();
    }

    private static List<StorePath> paths(WireInput in) throws IOException {
        return strings(in).stream()
                .flatMap(text -> StorePath.parse(text).stream())
                .toList();
    }

    private static List<String> strings(WireInput in) throws IOException {
        List<String> strings = new ArrayList<>();
        for (long left = in.number(); left > 0; left--) {
            strings.add(in.word(MOST));
        }
        return strings;
    }

    boolean takes(StorePath path) {
        return true;
    }

    /** Has these without having been given them. */
    public ServeDouble having(Set<StorePath> paths) {
        valid.addAll(paths);
        return this;
    }

    Stream<StorePath> everythingAsked() {
        return asked.stream().flatMap(Collection::stream);
    }
}
