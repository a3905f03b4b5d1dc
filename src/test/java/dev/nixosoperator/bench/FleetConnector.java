package dev.nixosoperator.bench;

import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.Connector;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Target;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** The operator's end of a {@link Fleet} that lives in another process. */
public final class FleetConnector implements Connector {
    private final int port;

    public FleetConnector(int port) {
        this.port = port;
    }

    // The connection that is opened is the caller's, or closed where it is of no use.
    @Override
    @SuppressWarnings("resource")
    public ConnectResult connect(Target target) {
        try {
            Connection connection = new Connection(new Socket(InetAddress.getLoopbackAddress(), port));
            return switch (connection.greet(hello(target))) {
                case Wire.Answer.Welcome welcome -> new ConnectResult.Connected(connection, welcome.key());
                case Wire.Answer.No no -> {
                    connection.close();
                    yield no.refused();
                }
            };
        } catch (IOException gone) {
            return new ConnectResult.Refused(ConnectFailure.CONNECTION_LOST, "the line broke: " + gone, null);
        }
    }

    private static Wire.Hello hello(Target target) {
        return new Wire.Hello(
                target.endpoint().host(),
                target.login().hashCode(),
                switch (target.check()) {
                    case HostKeyCheck.Pinned pinned -> pinned.keys();
                    case HostKeyCheck.FirstUse firstUse -> null;
                },
                target.options().connectTimeout());
    }

    private static final class Connection implements RemoteHost {
        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;

        private Connection(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        }

        private Wire.Answer greet(Wire.Hello hello) throws IOException {
            try {
                Wire.hello(out, hello);
                return Wire.answer(in);
            } catch (IOException e) {
                close();
                throw e;
            }
        }

        @Override
        public synchronized CommandResult run(Command command) {
            try {
                socket.setSoTimeout(Math.toIntExact(command.timeout().toMillis()));
                Wire.command(out, command);
                return Wire.exited(in);
            } catch (SocketTimeoutException late) {
                close();
                return new CommandResult.TimedOut(
                        Duration.ofMillis(command.timeout().toMillis()));
            } catch (IOException gone) {
                close();
                return new CommandResult.Lost("the line broke: " + gone);
            }
        }

        @Override
        public boolean isOpen() {
            return !socket.isClosed();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException gone) {
                // then it is closed
            }
        }
    }
}
