package dev.nixosoperator.bench;

import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.Stdin;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an operator's process and the {@link Fleet} say to each other; stands for SSH. */
final class Wire {
    private Wire() {}

    /**
     * @param login a digest of what one logs in with
     * @param pinned accepted host keys; null: any
     */
    record Hello(String host, int login, @Nullable Set<HostKey> pinned, Duration patience) {}

    static void hello(DataOutputStream out, Hello hello) throws IOException {
        out.writeUTF(hello.host());
        out.writeInt(hello.login());
        Set<HostKey> pinned = hello.pinned();
        out.writeInt(pinned == null ? -1 : pinned.size());
        for (HostKey key : pinned == null ? Set.<HostKey>of() : pinned) {
            out.writeUTF(key.openSsh());
        }
        out.writeLong(hello.patience().toMillis());
        out.flush();
    }

    static Hello hello(DataInputStream in) throws IOException {
        String host = in.readUTF();
        int login = in.readInt();
        int count = in.readInt();
        Set<HostKey> pinned = new HashSet<>();
        for (int i = 0; i < count; i++) {
            pinned.add(key(in));
        }
        return new Hello(host, login, count < 0 ? null : pinned, Duration.ofMillis(in.readLong()));
    }

    private static HostKey key(DataInputStream in) throws IOException {
        return HostKey.parse(in.readUTF()).orElseThrow(() -> new IOException("not a host key"));
    }

    static void welcome(DataOutputStream out, HostKey key) throws IOException {
        out.writeBoolean(true);
        out.writeUTF(key.openSsh());
        out.flush();
    }

    static void refusal(DataOutputStream out, ConnectResult.Refused refused) throws IOException {
        HostKey presented = refused.presented();
        out.writeBoolean(false);
        out.writeUTF(refused.failure().name());
        out.writeUTF(refused.message());
        out.writeBoolean(presented != null);
        if (presented != null) {
            out.writeUTF(presented.openSsh());
        }
        out.flush();
    }

    /** Either the key of {@link #welcome}, or why not. */
    sealed interface Answer {
        record Welcome(HostKey key) implements Answer {}

        record No(ConnectResult.Refused refused) implements Answer {}
    }

    static Answer answer(DataInputStream in) throws IOException {
        if (in.readBoolean()) {
            return new Answer.Welcome(key(in));
        }
        ConnectFailure failure = ConnectFailure.valueOf(in.readUTF());
        String message = in.readUTF();
        return new Answer.No(new ConnectResult.Refused(failure, message, in.readBoolean() ? key(in) : null));
    }

    static void command(DataOutputStream out, Command command) throws IOException {
        out.writeInt(command.argv().size());
        for (String word : command.argv()) {
            text(out, word);
        }
        Stdin stdin = command.stdin();
        out.writeBoolean(stdin != null);
        if (stdin != null) {
            try (InputStream content = stdin.open()) {
                byte[] bytes = content.readAllBytes();
                out.writeInt(bytes.length);
                out.write(bytes);
                stdin.progress().accept(bytes.length);
            }
        }
        out.flush();
    }

    static Command command(DataInputStream in) throws IOException {
        int count = in.readInt();
        List<String> argv = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            argv.add(text(in));
        }
        Command command = Command.of(argv);
        return in.readBoolean() ? command.withStdin(in.readNBytes(in.readInt())) : command;
    }

    static void exited(DataOutputStream out, CommandResult.Exited exited) throws IOException {
        out.writeInt(exited.code());
        text(out, exited.out());
        text(out, exited.err());
        out.flush();
    }

    static CommandResult.Exited exited(DataInputStream in) throws IOException {
        return new CommandResult.Exited(in.readInt(), text(in), text(in));
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
