package dev.nixosoperator.remote.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Algorithms;
import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectOptions;
import dev.nixosoperator.remote.ConnectResult.Connected;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Target;
import java.security.KeyPair;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.common.NamedResource;
import org.junit.jupiter.api.Test;

/** One list for what the CRD knows, what is taken out of MINA's own choice, and what messages name. */
final class OldAlgorithmsTest {
    @Test
    void theCrdHasThemAll() {
        assertThat(OldAlgorithms.ALL)
                .isEqualTo(new dev.nixosoperator.remote.Algorithms(
                        Stream.of(Algorithms.KeyExchange.values())
                                .map(Algorithms.KeyExchange::ssh)
                                .toList(),
                        Stream.of(Algorithms.Cipher.values())
                                .map(Algorithms.Cipher::ssh)
                                .toList(),
                        Stream.of(Algorithms.Mac.values())
                                .map(Algorithms.Mac::ssh)
                                .toList(),
                        Stream.of(Algorithms.Signature.values())
                                .map(Algorithms.Signature::ssh)
                                .toList()));
    }

    /** Not only those of the list: nothing by the name of SHA-1, MD5 or CBC. */
    @Test
    void noneIsOfferedByDefault() {
        SshClient client = Client.start();
        try {
            List<String> offered = Stream.of(
                            client.getKeyExchangeFactories(),
                            client.getCipherFactories(),
                            client.getMacFactories(),
                            client.getSignatureFactories())
                    .flatMap(List::stream)
                    .map(NamedResource::getName)
                    .toList();
            assertThat(offered)
                    .contains("curve25519-sha256", "aes128-gcm@openssh.com", "hmac-sha2-256", "rsa-sha2-512")
                    .noneMatch(name -> name.matches(".*(sha1|md5|cbc|arcfour|ssh-rsa|dss).*"));
        } finally {
            client.stop();
        }
    }

    /** Our own key, too, is proven in the old way only where that is allowed. */
    @Test
    void anRsaKeyIsProvenWithSha1WhereThatIsAllowed() {
        KeyPair user = TestServer.rsa();
        try (TestServer old = new TestServer(TestServer.ecdsa()).ofLongAgo(user);
                SshConnector connector = new SshConnector()) {
            Function<ConnectOptions, Target> target = options -> Target.of(
                    old.endpoint(), Login.of(TestServer.privateKey(user)), new HostKeyCheck.FirstUse(), options);
            assertThat(connector.connect(target.apply(ConnectOptions.DEFAULT)))
                    .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.failure())
                            .isEqualTo(ConnectFailure.AUTHENTICATION_FAILED));
            assertThat(connector.connect(target.apply(ConnectOptions.DEFAULT.with(OldAlgorithms.ALL))))
                    .isInstanceOfSatisfying(
                            Connected.class, connected -> connected.host().close());
        }
    }
}
