package dev.nixosoperator.remote.ssh;

import java.util.List;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.kex.DHGClient;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.kex.DHFactory;
import org.apache.sshd.common.kex.KeyExchange;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.session.Session;

/**
 * A key exchange that hands the host's certificate on to {@link HostProof}, which alone judges it: MINA compares the
 * principals with the address that was connected to, and trusts every authority.
 */
final class CertifiedExchange extends DHGClient {
    private CertifiedExchange(DHFactory factory, Session session) {
        super(factory, session);
    }

    static List<KeyExchangeFactory> all() {
        return ClientBuilder.DEFAULT_KEX_PREFERENCE.stream()
                .filter(DHFactory::isSupported)
                .map(CertifiedExchange::of)
                .toList();
    }

    static KeyExchangeFactory of(DHFactory factory) {
        return factory.isGroupExchange() ? ClientBuilder.DH2KEX.apply(factory) : certified(factory);
    }

    private static KeyExchangeFactory certified(DHFactory factory) {
        return new KeyExchangeFactory() {
            @Override
            public String getName() {
                return factory.getName();
            }

            @Override
            public KeyExchange createKeyExchange(Session session) {
                return new CertifiedExchange(factory, session);
            }
        };
    }

    @Override
    protected void verifyCertificate(Session session, OpenSshCertificate certificate) {
        // The verifier of server keys is asked next, with the certificate.
    }
}
