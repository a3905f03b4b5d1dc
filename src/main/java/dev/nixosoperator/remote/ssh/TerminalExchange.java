package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Script;
import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.Stdin;
import dev.nixosoperator.remote.ssh.TerminalOutput.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.PtyChannelConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * One command on a terminal, for {@code sudo} with {@code requiretty} and for {@code doas}. A password is typed when it is
 * asked for, not before: asking throws away what was typed ahead.
 */
final class TerminalExchange {
    private static final Script RUN = Script.load("terminal-run.sh");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ClientSession session;
    private final Elevation.OnTerminal elevation;
    private final Command command;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final String token = HexFormat.of().formatHex(RANDOM.generateSeed(12));
    private final TerminalOutput output;

    TerminalExchange(
            ClientSession session,
            Elevation.OnTerminal elevation,
            Command command,
            Runnable flooded,
            Runnable endless) {
        this.session = session;
        this.elevation = elevation;
        this.command = command;
        this.output = new TerminalOutput(token, command.maxOutput(), flooded, endless, events);
    }

    /** Null where the connection ended before the command. */
    @Nullable
    CommandResult run() throws IOException {
        PtyChannelConfiguration terminal = new PtyChannelConfiguration();
        terminal.setPtyType("dumb");
        ChannelExec channel = session.createExecChannel(line().getBytes(StandardCharsets.UTF_8), terminal, Map.of());
        channel.setUsePty(true);
        channel.setOut(output);
        channel.setErr(output);
        channel.addCloseFutureListener(closed -> events.add(Event.CLOSED));
        try {
            channel.open().verify(); // ends at the deadline, which closes the session
            return converse(channel);
        } finally {
            channel.close(true);
        }
    }

    private String line() {
        Stdin stdin = command.stdin();
        long length = first().length + (stdin == null ? 0 : stdin.length());
        return elevation.line(
                List.of("sh", "-c", RUN.text(), RUN.name(), token, Long.toString(length)), command.argv());
    }

    private byte[] first() {
        return elevation instanceof Elevation.Beside beside ? beside.sudo().first() : new byte[0];
    }

    private @Nullable CommandResult converse(ChannelExec channel) throws IOException {
        Event event = next();
        if (event == Event.ASKED && elevation instanceof Elevation.Typed(Secret password) && password != null) {
            type(password, channel.getInvertedIn());
            event = next();
        }
        return switch (event) {
            case READY -> ready(channel);
            // Asked again, or without a password to give: what was said says why.
            case ASKED -> new CommandResult.Exited(1, "", output.words());
            case CLOSED -> ended(channel, output.words());
        };
    }

    private Event next() {
        try {
            return events.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Event.CLOSED;
        }
    }

    private static void type(Secret password, OutputStream keyboard) throws IOException {
        keyboard.write((password.utf8() + "\n").getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
    }

    private @Nullable CommandResult ready(ChannelExec channel) {
        String broken = SshHost.send(first(), command.stdin(), channel);
        if (broken != null) {
            return new CommandResult.Lost(broken);
        }
        channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), 0);
        return ended(channel, output.err());
    }

    private @Nullable CommandResult ended(ChannelExec channel, String err) {
        Integer code = channel.getExitStatus();
        String signal = channel.getExitSignal();
        if (signal != null) {
            return new CommandResult.Signalled(signal, output.out(), err);
        }
        return code == null ? null : new CommandResult.Exited(code, output.out(), err);
    }
}
