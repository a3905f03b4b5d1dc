package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.jspecify.annotations.Nullable;

/** Reads a private key. What is wrong with it is a value, in words that do not hold any of its bytes. */
sealed interface PrivateKeyFile {
    record Key(KeyPair pair) implements PrivateKeyFile {}

    record NoKey(String found) implements PrivateKeyFile {}

    static PrivateKeyFile read(Secret file, @Nullable Secret passphrase) {
        String text = file.utf8().strip();
        if (text.isEmpty()) {
            return new NoKey("the private key is empty");
        }
        if (HostKey.parse(text).isPresent() || text.startsWith("---- BEGIN SSH2 PUBLIC KEY")) {
            return new NoKey("this is a public key; the private key of the pair is needed");
        }
        if (text.startsWith("PuTTY-User-Key-File")) {
            return new NoKey("this is a PuTTY key; export it in OpenSSH format (puttygen KEY -O private-openssh)");
        }
        if (!text.startsWith("-----BEGIN ")) {
            return new NoKey("this is no private key file: it does not start with -----BEGIN");
        }
        return decode(text.replace("\r\n", "\n") + "\n", passphrase);
    }

    private static PrivateKeyFile decode(String text, @Nullable Secret passphrase) {
        AtomicBoolean asked = new AtomicBoolean();
        FilePasswordProvider provider = (session, resource, index) -> {
            asked.set(true);
            return passphrase == null ? "" : passphrase.utf8().strip();
        };
        try (var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))) {
            Iterable<KeyPair> pairs =
                    SecurityUtils.loadKeyPairIdentities(null, NamedResource.ofName("private key"), in, provider);
            Iterator<KeyPair> all = pairs == null ? null : pairs.iterator();
            if (all != null && all.hasNext()) {
                return new Key(all.next());
            }
        } catch (IOException | GeneralSecurityException | RuntimeException wrong) {
            // Its message may quote the file; what we know is said below.
        }
        if (!asked.get()) {
            return new NoKey("the private key is damaged or of an unknown kind (ed25519, RSA and ECDSA are known)");
        }
        return new NoKey(
                passphrase == null
                        ? "the private key is encrypted and there is no passphrase"
                        : "the passphrase does not decrypt the private key");
    }
}
