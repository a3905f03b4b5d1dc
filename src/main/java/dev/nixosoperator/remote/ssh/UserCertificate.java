package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.Secret;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.jspecify.annotations.Nullable;

/** Reads a user certificate; one that no server would accept is refused here, where its owner is told why. */
sealed interface UserCertificate {
    record Signed(OpenSshCertificate certificate) implements UserCertificate {}

    record Unfit(String found) implements UserCertificate {}

    static UserCertificate read(Secret file, PublicKey key, Instant now) {
        return parse(file.utf8().strip()) instanceof OpenSshCertificate certificate
                ? check(certificate, key, now)
                : new Unfit("the certificate is none: write it as ssh-keygen -s does (…-cert.pub)");
    }

    private static UserCertificate check(OpenSshCertificate certificate, PublicKey key, Instant now) {
        if (certificate.getType() != OpenSshCertificate.Type.USER) {
            return new Unfit("the certificate is one of a host; that of a user is needed (ssh-keygen -s without -h)");
        }
        if (!KeyUtils.compareKeys(certificate.getCertPubKey(), key)) {
            return new Unfit(
                    "the certificate belongs to another key: " + KeyUtils.getFingerPrint(certificate.getCertPubKey()));
        }
        if (!OpenSshCertificate.isValidAt(certificate, now)) {
            return new Unfit("the certificate is valid from " + time(certificate.getValidAfter()) + " until "
                    + time(certificate.getValidBefore()) + ", not now; have it signed anew");
        }
        return new Signed(certificate);
    }

    private static String time(long seconds) {
        try {
            return seconds < 0 ? "ever" : Instant.ofEpochSecond(seconds).toString();
        } catch (DateTimeException beyondCalendars) {
            return "ever";
        }
    }

    private static @Nullable PublicKey parse(String text) {
        try {
            return PublicKeyEntry.parsePublicKeyEntry(text)
                    .resolvePublicKey(null, null, PublicKeyEntryResolver.FAILING);
        } catch (IOException | GeneralSecurityException | RuntimeException garbage) {
            return null;
        }
    }
}
