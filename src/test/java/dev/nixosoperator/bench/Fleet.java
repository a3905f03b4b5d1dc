package dev.nixosoperator.bench;

import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.ConnectResult;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Machines, by address, for operators in other processes (see {@link FleetConnector}). An operator may be killed and
 * another started: the machines stay.
 */
public final class Fleet implements AutoCloseable {
    private static final int BACKLOG = 1000;

    private final ServerSocket server;
    private final LivingMachine.Tempo tempo;
    private final LivingMachine.Witness witness;
    private final Map<String, LivingMachine> machines = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    public Fleet(LivingMachine.Tempo tempo, LivingMachine.Witness witness) {
        this.tempo = tempo;
        this.witness = witness;
        try {
            server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("fleet").start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The machine at this address; there is one at every address. */
    public LivingMachine machine(String host) {
        return machines.computeIfAbsent(host, name -> new LivingMachine(name, tempo, witness));
    }

    public Collection<LivingMachine> machines() {
        return machines.values();
    }

    /** Connections that are open now. */
    public int sessions() {
        return open.size();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().name("connection").start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        open.add(socket);
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            Wire.Hello hello = Wire.hello(in);
            LivingMachine machine = machine(hello.host());
            ConnectResult.Refused refused = machine.refusal(hello);
            if (refused != null) {
                Wire.refusal(out, refused);
                return;
            }
            try (LivingMachine.Session session = machine.session(socket)) {
                Wire.welcome(out, machine.hostKey());
                answer(session, in, out);
            }
        } catch (IOException gone) {
            // the operator hung up, or the machine did
        } finally {
            open.remove(socket);
        }
    }

    private static void answer(LivingMachine.Session session, DataInputStream in, DataOutputStream out)
            throws IOException {
        while (true) {
            Command command = Wire.command(in);
            if (!(session.run(command) instanceof CommandResult.Exited exited)) {
                return;
            }
            Wire.exited(out, exited);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
