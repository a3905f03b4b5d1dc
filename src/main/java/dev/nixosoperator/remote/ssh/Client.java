package dev.nixosoperator.remote.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientConnectionServiceFactory;
import org.apache.sshd.client.session.ClientUserAuthService;
import org.apache.sshd.client.session.ClientUserAuthServiceFactory;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/** MINA's client with nothing taken from this machine: no configuration, no keys, no agent, no known hosts. */
final class Client {
    private static final Duration NEVER = Duration.ZERO;
    private static final int UNANSWERED_HEARTBEATS = 3;

    private Client() {}

    static SshClient start() {
        SshClient client = SshClient.setUpDefaultClient();
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setKeyIdentityProvider(KeyIdentityProvider.EMPTY_KEYS_PROVIDER);
        client.setAgentFactory(null);
        // The order of OpenSSH. A password that was refused is not sent again: accounts get locked for that.
        client.setUserAuthFactories(List.of(
                UserAuthPublicKeyFactory.INSTANCE,
                UserAuthKeyboardInteractiveFactory.INSTANCE,
                UserAuthPasswordFactory.INSTANCE));
        CoreModuleProperties.PASSWORD_PROMPTS.set(client, 1);
        client.setServerKeyVerifier(
                (session, address, key) -> Attempt.of(session).accepts(key));
        // AES-GCM is done by the CPU: two to three times the speed of chacha20, MINA's first choice.
        client.setCipherFactories(List.of(
                BuiltinCiphers.aes128gcm,
                BuiltinCiphers.aes256gcm,
                BuiltinCiphers.aes128ctr,
                BuiltinCiphers.aes256ctr,
                BuiltinCiphers.cc20p1305_openssh));
        client.setKeyExchangeFactories(CertifiedExchange.all());
        OldAlgorithms.takeOut(client);
        client.setServiceFactories(List.of(new Authentication(), new Connection()));
        client.addSessionListener(new Listener());
        CoreModuleProperties.TCP_NODELAY.set(client, true);
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, UNANSWERED_HEARTBEATS);
        // Our own deadlines decide: a command may be silent for long, and its reader slow.
        CoreModuleProperties.IDLE_TIMEOUT.set(client, NEVER);
        CoreModuleProperties.NIO2_READ_TIMEOUT.set(client, NEVER);
        CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(client, Duration.ofDays(1));
        CoreModuleProperties.CHANNEL_OPEN_TIMEOUT.set(client, Duration.ofDays(1));
        client.start();
        return client;
    }

    /** Heartbeats as this connection wants them; the service reads the interval when it is created. */
    private static final class Connection extends ClientConnectionServiceFactory {
        @Override
        public Service create(Session session) throws IOException {
            CoreModuleProperties.HEARTBEAT_INTERVAL.set(
                    session, Attempt.of(session).options().keepAlive());
            return super.create(session);
        }
    }

    /** Reports which methods the server offers. */
    private static final class Authentication extends ClientUserAuthServiceFactory {
        @Override
        public Service create(Session session) throws IOException {
            return new ClientUserAuthService(session) {
                @Override
                public void process(int cmd, Buffer buffer) throws Exception {
                    if (cmd == SshConstants.SSH_MSG_USERAUTH_FAILURE) {
                        int start = buffer.rpos();
                        String methods = buffer.getString();
                        boolean partial = buffer.getBoolean();
                        buffer.rpos(start);
                        List<String> names = Arrays.stream(methods.split(",", -1))
                                .filter(method -> !method.isEmpty())
                                .toList();
                        Attempt.of(session).refused(names, partial);
                    }
                    super.process(cmd, buffer);
                }
            };
        }
    }

    private static final class Listener implements SessionListener {
        /** Before our first word. */
        @Override
        public void sessionCreated(Session session) {
            OldAlgorithms.allow(Attempt.of(session).options().algorithms(), session);
        }

        @Override
        public void sessionNegotiationOptionsCreated(Session session, Map<KexProposalOption, String> proposal) {
            proposal.computeIfPresent(KexProposalOption.SERVERKEYS, (option, names) -> Attempt.of(session)
                    .order(names));
        }

        @Override
        public void sessionNegotiationEnd(
                Session session,
                Map<KexProposalOption, String> ours,
                Map<KexProposalOption, String> theirs,
                Map<KexProposalOption, String> agreed,
                @Nullable Throwable failed) {
            if (failed != null) {
                Attempt.of(session).disagreed(Disagreement.between(ours, theirs));
            }
        }

        @Override
        public void sessionException(Session session, Throwable thrown) {
            Attempt.of(session).ended(thrown.getMessage());
        }

        @Override
        public void sessionDisconnect(
                Session session, int code, @Nullable String message, @Nullable String language, boolean byUs) {
            if (byUs) {
                Attempt.of(session).ended(message);
            } else {
                Attempt.of(session).disconnected(code, message);
            }
        }
    }
}
