package dev.nixosoperator.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;

/** A TCP port on loopback that never says anything. */
public final class BlackHole implements AutoCloseable {
    private static final int DROPPED_MS = 200;

    private final ServerSocket server;
    private final Deque<Socket> queued = new ArrayDeque<>();

    private BlackHole(int backlog) throws IOException {
        server = new ServerSocket(0, backlog, InetAddress.getLoopbackAddress());
    }

    /** Connections are accepted, and then there is silence. */
    public static BlackHole silent() throws IOException {
        return new BlackHole(50);
    }

    /** Packets vanish: the kernel drops what comes for a server whose queue is full and that accepts nobody. */
    public static BlackHole dropping() throws IOException {
        BlackHole hole = new BlackHole(1);
        while (hole.answers()) {
            // one more in its queue
        }
        return hole;
    }

    private boolean answers() throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(server.getLocalSocketAddress(), DROPPED_MS);
            queued.add(socket);
            return true;
        } catch (SocketTimeoutException dropped) {
            socket.close();
            return false;
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() {
        try (server) {
            for (Socket socket : queued) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
