package dev.nixosoperator.remote.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.client.session.ClientSession;

/**
 * A TCP connection that a jump host makes for us, as a port of this machine that takes exactly our one connection: MINA
 * speaks SSH over sockets only, and its own jumps offer the identities of one host to the other.
 */
final class Tunnel implements AutoCloseable {
    private static final int CHUNK = 64 << 10;

    private final ChannelDirectTcpip channel;
    private final ServerSocket door;

    /** @param channel open; it belongs to the tunnel */
    Tunnel(ChannelDirectTcpip channel) throws IOException {
        this.channel = channel;
        this.door = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    }

    InetSocketAddress address() {
        return (InetSocketAddress) door.getLocalSocketAddress();
    }

    /** Joins the session, which is connected to {@link #address()}; whoever else found the port is sent away. */
    void join(ClientSession session, Patience patience) throws IOException {
        var ours = (InetSocketAddress) session.getIoSession().getLocalAddress();
        door.setSoTimeout((int) Math.max(1, patience.left().toMillis()));
        try (door) {
            Socket socket = door.accept();
            while (socket.getPort() != ours.getPort()) {
                socket.close();
                socket = door.accept();
            }
            pump(socket);
        } catch (SocketTimeoutException late) {
            throw new IOException("timeout", late);
        }
        session.addCloseFutureListener(closed -> close());
    }

    private void pump(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        InputStream up = socket.getInputStream();
        OutputStream down = socket.getOutputStream();
        Thread.ofVirtual().name("ssh-hop-up").start(() -> copy(up, channel.getInvertedIn(), socket));
        Thread.ofVirtual().name("ssh-hop-down").start(() -> copy(channel.getInvertedOut(), down, socket));
    }

    /** Where one direction ends the connection ends: SSH closes both. */
    private void copy(InputStream from, OutputStream to, Socket socket) {
        byte[] chunk = new byte[CHUNK];
        try (socket) {
            for (int read = from.read(chunk); read >= 0; read = from.read(chunk)) {
                to.write(chunk, 0, read);
                to.flush();
            }
        } catch (IOException gone) {
            // Both ends learn it from their closed sockets.
        } finally {
            channel.close(true);
        }
    }

    @Override
    public void close() {
        channel.close(true);
        try {
            door.close();
        } catch (IOException closed) {
            // It takes nobody any more.
        }
    }
}
