package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.HostPatterns;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.OpenSshCertificate.CertificateOption;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;

/** Whether a certificate vouches for a host (OpenSSH's PROTOCOL.certkeys); that its authority is trusted is known. */
final class HostCertificate {
    /** Those of OpenSSH's CASignatureAlgorithms: none with SHA-1. */
    private static final Set<BuiltinSignatures> ALGORITHMS = Set.of(
            BuiltinSignatures.ed25519,
            BuiltinSignatures.nistp256,
            BuiltinSignatures.nistp384,
            BuiltinSignatures.nistp521,
            BuiltinSignatures.rsaSHA256,
            BuiltinSignatures.rsaSHA512,
            BuiltinSignatures.sk_ecdsa_sha2_nistp256,
            BuiltinSignatures.sk_ssh_ed25519);

    private HostCertificate() {}

    /**
     * @param host as it is given: a certificate is not about the address that a name resolves to
     * @return the end of a sentence; empty: there is none
     */
    static Optional<String> flaw(OpenSshCertificate certificate, String host, Instant now) {
        if (!isSigned(certificate)) {
            return Optional.of("has no good signature of its authority");
        }
        if (certificate.getType() != OpenSshCertificate.Type.HOST) {
            return Optional.of("is one of a user, not of a host (ssh-keygen -s with -h)");
        }
        if (!OpenSshCertificate.isValidAt(certificate, now)) {
            return Optional.of("is valid from " + time(certificate.getValidAfter()) + " until "
                    + time(certificate.getValidBefore()) + ", not now");
        }
        String name = host.replaceAll("^\\[(.*)]$", "$1");
        if (certificate.getPrincipals().stream().noneMatch(principal -> HostPatterns.matches(principal, name))) {
            return Optional.of("is issued for %s, not for %s"
                    .formatted(
                            certificate.getPrincipals().isEmpty()
                                    ? "no name"
                                    : String.join(", ", certificate.getPrincipals()),
                            name));
        }
        return certificate.getCriticalOptions().isEmpty()
                ? Optional.empty()
                : Optional.of("makes conditions that are not known (%s)"
                        .formatted(certificate.getCriticalOptions().stream()
                                .map(CertificateOption::getName)
                                .collect(Collectors.joining(", "))));
    }

    private static boolean isSigned(OpenSshCertificate certificate) {
        String algorithm = certificate.getSignatureAlgorithm();
        PublicKey authority = certificate.getCaPubKey();
        BuiltinSignatures known = BuiltinSignatures.fromFactoryName(algorithm);
        if (known == null
                || !ALGORITHMS.contains(known)
                || !KeyUtils.getCanonicalKeyType(algorithm).equals(KeyUtils.getKeyType(authority))) {
            return false;
        }
        try {
            Signature signature = known.create();
            signature.initVerifier(null, authority);
            signature.update(null, certificate.getMessage());
            return signature.verify(null, certificate.getSignature());
        } catch (Exception garbage) {
            return false;
        }
    }

    private static String time(long seconds) {
        try {
            return seconds < 0 ? "ever" : Instant.ofEpochSecond(seconds).toString();
        } catch (DateTimeException beyondCalendars) {
            return "ever";
        }
    }
}
