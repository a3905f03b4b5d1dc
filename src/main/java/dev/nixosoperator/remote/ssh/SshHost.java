package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Dialogue;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Stdin;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/** One SSH session. The calling thread sends stdin; output is kept by the I/O threads; no thread belongs to it. */
final class SshHost implements RemoteHost {
    /** Large writes: small ones make a packet each (ten times slower). */
    private static final int CHUNK = 64 << 10;
    /** For the close that follows when the other end does not want our input. */
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    private final ClientSession session;
    private final Attempt attempt;
    private final Deadlines deadlines;
    private final Elevation elevation;

    SshHost(ClientSession session, Attempt attempt, Deadlines deadlines, Elevation elevation) {
        this.session = session;
        this.attempt = attempt;
        this.deadlines = deadlines;
        this.elevation = elevation;
    }

    SshHost as(Elevation found) {
        return new SshHost(session, attempt, deadlines, found);
    }

    @Override
    public CommandResult run(Command command) {
        AtomicBoolean late = new AtomicBoolean();
        Runnable deadline = () -> {
            late.set(true);
            close();
        };
        try (Silence silence = new Silence(deadlines, command.timeout(), deadline)) {
            CommandResult result = exchange(command, silence);
            return late.get() && result instanceof CommandResult.Lost
                    ? new CommandResult.TimedOut(command.timeout())
                    : result;
        }
    }

    @Override
    public boolean isOpen() {
        return session.isOpen();
    }

    @Override
    public void close() {
        session.close(true);
    }

    /** Reading on would cost bandwidth until the deadline, for nothing. */
    private void flooded() {
        attempt.ended("a command printed more than %d MiB that nobody asked for; look at what the user's shell prints"
                .formatted(BoundedOutput.FLOOD >> 20));
        close();
    }

    /** The command never begins. */
    private void endless() {
        attempt.ended("what sudo or doas printed on the terminal before the command had no end; look at what they, or"
                + " the user's shell, print and ask there");
        close();
    }

    private CommandResult exchange(Command command, Silence silence) {
        try {
            CommandResult result =
                    switch (elevation) {
                        case Elevation.Piped piped -> exchange(piped, command, silence);
                        case Elevation.OnTerminal terminal
                        when command.dialogue() != null ->
                            new CommandResult.Lost(
                                    "the login needs a terminal to become root, and nobody can speak with"
                                            + " a program through it; log in as root, or allow sudo without a terminal");
                        case Elevation.OnTerminal terminal ->
                            new TerminalExchange(session, terminal, command, this::flooded, this::endless).run();
                    };
            return result == null
                    ? new CommandResult.Lost(attempt.reason("the connection ended before the command"))
                    : result;
        } catch (IOException | RuntimeException lost) {
            return new CommandResult.Lost(attempt.reason(String.valueOf(lost.getMessage())));
        }
    }

    private @Nullable CommandResult exchange(Elevation.Piped piped, Command command, Silence silence)
            throws IOException {
        String line = piped.line(command.argv());
        BoundedOutput out = new BoundedOutput(command.maxOutput(), this::flooded);
        BoundedOutput err = new BoundedOutput(command.maxOutput(), this::flooded);
        ChannelExec channel = session.createExecChannel(line.getBytes(StandardCharsets.UTF_8), null, Map.of());
        try {
            Dialogue dialogue = command.dialogue();
            if (dialogue == null) {
                channel.setOut(out);
            }
            channel.setErr(err);
            channel.open().verify(); // ends at the deadline, which closes the session
            String broken = dialogue == null
                    ? send(piped.first(), command.stdin(), channel)
                    : held(piped.first(), dialogue, channel, silence);
            if (broken != null) {
                return new CommandResult.Lost(broken);
            }
            channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), 0);
            return ended(channel, out, err);
        } finally {
            channel.close(true);
        }
    }

    /** Null, or why it broke off. That the program is gone is no failure: its exit code says whether that is right. */
    private static @Nullable String held(byte[] first, Dialogue dialogue, ChannelExec channel, Silence silence) {
        OutputStream to = channel.getInvertedIn();
        write(to, first, first.length);
        try {
            dialogue.hold(Heard.in(channel.getInvertedOut(), silence), Heard.out(to, silence));
            return null;
        } catch (IOException broken) {
            return channel.isClosed() ? null : "the dialogue broke off: " + broken.getMessage();
        } finally {
            closeQuietly(to);
        }
    }

    private static @Nullable CommandResult ended(ChannelExec channel, BoundedOutput out, BoundedOutput err) {
        Integer code = channel.getExitStatus();
        String signal = channel.getExitSignal();
        if (signal != null) {
            return new CommandResult.Signalled(signal, out.text(), err.text());
        }
        return code == null ? null : new CommandResult.Exited(code, out.text(), err.text());
    }

    /**
     * Null, or why the content could not be read. That the command does not want to read it is no failure.
     *
     * @param first goes before the content
     */
    static @Nullable String send(byte[] first, @Nullable Stdin stdin, ChannelExec channel) {
        write(channel.getInvertedIn(), first, first.length);
        if (stdin == null) {
            closeQuietly(channel.getInvertedIn());
            return null;
        }
        try (InputStream content = stdin.open()) {
            copy(content, stdin, channel);
            return null;
        } catch (IOException unreadable) {
            return "the content for stdin cannot be read: " + unreadable.getMessage();
        }
    }

    private static void copy(InputStream content, Stdin stdin, ChannelExec channel) throws IOException {
        OutputStream to = channel.getInvertedIn();
        byte[] chunk = new byte[Math.clamp(stdin.length(), 1, CHUNK)];
        long sent = 0;
        while (sent < stdin.length()) {
            int read = content.readNBytes(chunk, 0, (int) Math.min(chunk.length, stdin.length() - sent));
            if (read == 0) {
                throw new EOFException("it ends after " + sent + " of " + stdin.length() + " bytes");
            }
            if (!write(to, chunk, read)) {
                channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), CLOSE_WAIT);
                return;
            }
            sent += read;
            stdin.progress().accept(sent);
        }
        closeQuietly(to);
    }

    private static boolean write(OutputStream to, byte[] chunk, int length) {
        try {
            to.write(chunk, 0, length);
            return true;
        } catch (IOException unwanted) {
            return false;
        }
    }

    private static void closeQuietly(OutputStream to) {
        try {
            to.close();
        } catch (IOException unwanted) {
            // The command has ended without reading all; its exit code says whether that is right.
        }
    }
}
