package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.spec.ECGenParameterSpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.AsyncAuthException;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/** An SSH server in this process that misbehaves as told. Its commands are words: see {@link Behaviour}. */
public final class TestServer implements AutoCloseable {
    static final KeyPair USER_KEY = ecdsa();

    final CountDownLatch stalled = new CountDownLatch(1);
    private final SshServer server = SshServer.setUpDefaultServer();

    public TestServer(KeyPair... hostKeys) {
        try {
            server.setHost("127.0.0.1");
            server.setKeyPairProvider(KeyPairProvider.wrap(hostKeys));
            server.setPublickeyAuthenticator(
                    (user, key, session) -> KeyUtils.compareKeys(key, USER_KEY.getPublic()) && !user.equals("nobody"));
            server.setCommandFactory((channel, line) -> new Behaviour(line));
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As OpenSSH before 7.2: it takes no other proof of this key than with SHA-1, and does not say so. */
    TestServer ofLongAgo(KeyPair user) {
        server.setKexExtensionHandler(null);
        server.setUserAuthFactories(List.of(new UserAuthPublicKeyFactory(List.of(BuiltinSignatures.rsa))));
        server.setPublickeyAuthenticator((name, key, session) -> KeyUtils.compareKeys(key, user.getPublic()));
        return this;
    }

    /** Greets everybody before the login, without end. */
    TestServer greetingForEver() {
        server.setPublickeyAuthenticator((user, key, session) -> {
            Thread.ofVirtual().start(() -> greet(session));
            throw new AsyncAuthException();
        });
        return this;
    }

    private static void greet(Session session) {
        try {
            while (session.isOpen()) {
                send(session, SshConstants.SSH_MSG_USERAUTH_BANNER, b -> {
                    b.putString("welcome\u001b[31m ".repeat(2000));
                    b.putString("en");
                });
            }
        } catch (IOException gone) {
            // it had enough
        }
    }

    private static void send(Session session, byte message, Consumer<Buffer> content) throws IOException {
        Buffer buffer = session.createBuffer(message);
        content.accept(buffer);
        session.writePacket(buffer).verify(10, TimeUnit.SECONDS);
    }

    public Endpoint endpoint() {
        return new Endpoint("127.0.0.1", server.getPort(), "root");
    }

    @Override
    public void close() {
        stalled.countDown();
        try {
            server.stop(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Login login() {
        return Login.of(privateKey(USER_KEY));
    }

    /** That of {@link #USER_KEY}. */
    public static Secret userKey() {
        return privateKey(USER_KEY);
    }

    static Secret privateKey(KeyPair pair) {
        try {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "", null, file);
            return Secret.of(file.toByteArray());
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static HostKey hostKey(KeyPair pair) {
        return HostKey.parse(PublicKeyEntry.toString(pair.getPublic())).orElseThrow();
    }

    public static KeyPair ecdsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** What a command line does; the probe for root is answered as root. */
    private final class Behaviour implements Command {
        private final String line;
        private @Nullable InputStream in;
        private @Nullable OutputStream out;
        private @Nullable OutputStream err;
        private @Nullable ExitCallback exit;

        Behaviour(String line) {
            this.line = line;
        }

        @Override
        public void setInputStream(InputStream stream) {
            in = stream;
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = stream;
        }

        @Override
        public void setErrorStream(OutputStream stream) {
            err = stream;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            exit = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment env) {
            Thread.ofVirtual().start(() -> {
                try {
                    behave(channel);
                } catch (IOException | GeneralSecurityException | InterruptedException e) {
                    Objects.requireNonNull(exit).onExit(99, e.toString());
                }
            });
        }

        private void behave(ChannelSession channel) throws IOException, GeneralSecurityException, InterruptedException {
            ExitCallback done = Objects.requireNonNull(exit);
            switch (line.startsWith("sh -c") ? "probe" : line) {
                case "probe" -> say(out, "ROOT\n");
                case "stall" -> stalled.await();
                case "echo" -> echo();
                case "drop" -> channel.getSession().close(true);
                case "sum" -> say(out, sum());
                case "refuse-stdin" -> {
                    done.onExit(3);
                    return;
                }
                case "flood" -> {
                    for (int i = 0; i < 1000; i++) {
                        say(out, "x".repeat(10_000));
                    }
                }
                case "endless" -> sayForEver(channel, out);
                case "endless-stderr" -> sayForEver(channel, err);
                case "drip" -> {
                    while (!stalled.await(1, TimeUnit.SECONDS)) {
                        say(out, "x");
                    }
                }
                case "end-of-file" -> {
                    Objects.requireNonNull(out).close();
                    stalled.await();
                }
                case "no-status" -> {
                    channel.close(false);
                    return;
                }
                case "ignore" -> pester(channel, SshConstants.SSH_MSG_IGNORE, b -> b.putBytes(new byte[30_000]));
                case "wide-window" ->
                    pester(channel, SshConstants.SSH_MSG_CHANNEL_WINDOW_ADJUST, b -> {
                        b.putUInt(channel.getRecipient());
                        b.putUInt(0xffff_ffffL);
                    });
                case "overrun" ->
                    pester(channel, SshConstants.SSH_MSG_CHANNEL_DATA, b -> {
                        b.putUInt(channel.getRecipient());
                        b.putBytes(new byte[30_000]);
                    });
                case "bytes" -> {
                    Objects.requireNonNull(out).write(new byte[] {'a', (byte) 0xff, 'b', '\n'});
                    say(err, "words\n");
                }
                default -> {
                    say(err, "unknown: " + line);
                    done.onExit(127);
                    return;
                }
            }
            done.onExit(0);
        }

        /** At once, and to the end. */
        private void echo() throws IOException {
            byte[] chunk = new byte[64 << 10];
            InputStream from = Objects.requireNonNull(in);
            OutputStream to = Objects.requireNonNull(out);
            for (int read = from.read(chunk); read >= 0; read = from.read(chunk)) {
                to.write(chunk, 0, read);
                to.flush();
            }
        }

        private static void sayForEver(ChannelSession channel, @Nullable OutputStream to) throws IOException {
            while (channel.isOpen()) {
                say(to, "x".repeat(30_000)); // without a line end
            }
        }

        private static void pester(ChannelSession channel, byte message, Consumer<Buffer> content) throws IOException {
            while (channel.getSession().isOpen()) {
                send(channel.getSession(), message, content);
            }
        }

        private String sum() throws IOException, GeneralSecurityException {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[64 << 10];
            InputStream from = Objects.requireNonNull(in);
            long total = 0;
            for (int read = from.read(chunk); read >= 0; read = from.read(chunk)) {
                digest.update(chunk, 0, read);
                total += read;
            }
            return total + " " + HexFormat.of().formatHex(digest.digest());
        }

        private static void say(@Nullable OutputStream to, String text) throws IOException {
            OutputStream stream = Objects.requireNonNull(to);
            stream.write(text.getBytes(StandardCharsets.UTF_8));
            stream.flush();
        }

        @Override
        public void destroy(ChannelSession channel) {}
    }
}
