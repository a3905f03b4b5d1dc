package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Secret;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.jspecify.annotations.Nullable;

/** What a server is offered: what the login holds and nothing else. */
sealed interface Offer {
    /** @param keys the certified key before the key alone */
    record Ready(List<KeyPair> keys, @Nullable Secret password) implements Offer {
        void to(ClientSession session) {
            keys.forEach(session::addPublicKeyIdentity);
            if (password != null) {
                session.addPasswordIdentity(password.utf8());
            }
        }

        /** A password is tried by two methods. */
        int tries() {
            return keys.size() + (password == null ? 0 : 2);
        }

        boolean fits(List<String> methods) {
            boolean byPassword = methods.contains("password") || methods.contains("keyboard-interactive");
            return (!keys.isEmpty() && methods.contains("publickey")) || (password != null && byPassword);
        }

        /** For a person: the key's fingerprint, the certificate's principals, that there is a password. */
        String words() {
            List<String> words = new ArrayList<>();
            for (KeyPair pair : keys) {
                words.add(
                        pair.getPublic() instanceof OpenSshCertificate certificate
                                ? "a certificate for " + String.join(", ", certificate.getPrincipals()) + " by "
                                        + KeyUtils.getFingerPrint(certificate.getCaPubKey())
                                : "the key " + KeyUtils.getKeyType(pair) + " "
                                        + KeyUtils.getFingerPrint(pair.getPublic()));
            }
            if (password != null) {
                words.add("the password");
            }
            return String.join(" and ", words);
        }
    }

    record Unusable(String found) implements Offer {}

    static Offer of(Login login, Instant now) {
        Secret key = login.privateKey();
        Secret password = login.password() == null ? null : login.password().withoutLineEnd();
        if (key == null) {
            return password == null
                    ? new Unusable("there is neither a private key nor a password")
                    : new Ready(List.of(), password);
        }
        return switch (PrivateKeyFile.read(key, login.passphrase())) {
            case PrivateKeyFile.NoKey(String found) -> new Unusable(found);
            case PrivateKeyFile.Key(KeyPair pair) -> with(login.certificate(), pair, password, now);
        };
    }

    private static Offer with(@Nullable Secret file, KeyPair pair, @Nullable Secret password, Instant now) {
        if (file == null) {
            return new Ready(List.of(pair), password);
        }
        return switch (UserCertificate.read(file, pair.getPublic(), now)) {
            case UserCertificate.Unfit(String found) -> new Unusable(found);
            case UserCertificate.Signed(var certificate) ->
                new Ready(List.of(new KeyPair(certificate, pair.getPrivate()), pair), password);
        };
    }
}
