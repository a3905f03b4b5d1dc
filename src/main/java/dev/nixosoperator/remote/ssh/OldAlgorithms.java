package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.Algorithms;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.signature.BuiltinSignatures;

/** SHA-1, MD5, CBC and small groups: nobody is offered them, but the machines that they are allowed for by name. */
final class OldAlgorithms {
    static final Algorithms ALL = new Algorithms(
            List.of("diffie-hellman-group14-sha1", "diffie-hellman-group-exchange-sha1", "diffie-hellman-group1-sha1"),
            List.of("aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc"),
            List.of("hmac-sha1-etm@openssh.com", "hmac-sha1", "hmac-sha1-96", "hmac-md5", "hmac-md5-96"),
            List.of("ssh-rsa"));

    private OldAlgorithms() {}

    /** MINA offers some of them by itself. */
    static void takeOut(SshClient client) {
        client.setKeyExchangeFactories(without(client.getKeyExchangeFactories(), ALL.keyExchange()));
        client.setCipherFactories(without(client.getCipherFactories(), ALL.ciphers()));
        client.setMacFactories(without(client.getMacFactories(), ALL.macs()));
        client.setSignatureFactories(without(client.getSignatureFactories(), ALL.signatures()));
    }

    private static <T extends NamedResource> List<T> without(List<T> factories, List<String> names) {
        return factories.stream()
                .filter(factory -> !names.contains(factory.getName()))
                .toList();
    }

    /** Behind the good ones, for the server takes the first of ours that it has. */
    static void allow(Algorithms allowed, Session session) {
        session.setKeyExchangeFactories(with(
                session.getKeyExchangeFactories(),
                allowed.keyExchange(),
                name -> CertifiedExchange.of(BuiltinDHFactories.resolveFactory(name))));
        session.setCipherFactories(
                with(session.getCipherFactories(), allowed.ciphers(), BuiltinCiphers::fromFactoryName));
        session.setMacFactories(with(session.getMacFactories(), allowed.macs(), BuiltinMacs::fromFactoryName));
        session.setSignatureFactories(
                with(session.getSignatureFactories(), allowed.signatures(), BuiltinSignatures::fromFactoryName));
    }

    private static <T> List<T> with(List<T> good, List<String> names, Function<String, ? extends T> factory) {
        return Stream.concat(good.stream(), names.stream().distinct().map(factory))
                .toList();
    }
}
