package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.HostKeyCheck;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.jspecify.annotations.Nullable;

/**
 * Whether a server is the one that is wanted, by the key or the certificate that it shows. That it holds the private key
 * was proven in the key exchange.
 *
 * @param endpoint as the spec names it: what a certificate is issued for
 */
record HostProof(HostKeyCheck check, Endpoint endpoint, Instant now) {
    private static final String CERTIFICATE = "-cert-v01@openssh.com";

    /**
     * @param key the one that a certificate is about, too
     * @param why it is refused, as the end of a sentence; null: it is good
     */
    record Verdict(HostKey key, @Nullable String why) {}

    Verdict of(PublicKey shown) {
        return shown instanceof OpenSshCertificate certificate
                ? new Verdict(key(certificate.getCertPubKey()), problem(certificate))
                : new Verdict(key(shown), problem(key(shown)));
    }

    static HostKey key(PublicKey key) {
        return HostKey.parse(PublicKeyEntry.toString(key))
                .orElseGet(() -> new HostKey(Objects.toString(KeyUtils.getKeyType(key), "unknown"), ""));
    }

    private @Nullable String problem(HostKey key) {
        if (check.revoked().contains(key)) {
            return "which is revoked: the machine needs another one.";
        }
        return switch (check) {
            case HostKeyCheck.FirstUse any -> null;
            case HostKeyCheck.Pinned pinned when pinned.accepts(key) -> null;
            case HostKeyCheck.Pinned pinned
            when !pinned.authorities().isEmpty() ->
                "which is not a known one, and no certificate for it. Have it signed by a given authority and name"
                        + " the certificate in sshd_config (HostCertificate), or add the key to knownHosts.";
            case HostKeyCheck.Pinned pinned ->
                "which is not a pinned one. If the machine was installed anew or its key was changed on purpose, replace"
                        + " the pinned key; if not, somebody else answers there.";
        };
    }

    /** A key that is known by itself needs no certificate. */
    private @Nullable String problem(OpenSshCertificate certificate) {
        HostKey authority = key(certificate.getCaPubKey());
        if (check.revoked().contains(authority)) {
            return "with a certificate of " + authority + ", which is revoked: have it signed by another authority.";
        }
        String plain = problem(key(certificate.getCertPubKey()));
        if (plain == null || check.revoked().contains(key(certificate.getCertPubKey()))) {
            return plain;
        }
        Set<HostKey> authorities = check instanceof HostKeyCheck.Pinned pinned ? pinned.authorities() : Set.of();
        Optional<String> flaw = authorities.contains(authority)
                ? HostCertificate.flaw(certificate, endpoint.host(), now)
                : Optional.of("is signed by " + authority + ", which is none of the given authorities");
        return flaw.map(found -> "with a certificate that %s. Have it signed anew, or add the key to knownHosts."
                        .formatted(found))
                .orElse(null);
    }

    /**
     * The host key algorithms with certificates first where an authority is given, then those of pinned keys: the server
     * takes the first that it has (RFC 4253 section 7.1), so it shows the pinned key if it still has it. The others stay,
     * so that it shows what it has instead. Without an authority a certificate is of no use.
     */
    String order(String algorithms) {
        boolean certificates = check instanceof HostKeyCheck.Pinned pinned
                && !pinned.authorities().isEmpty();
        Set<HostKey> keys = check instanceof HostKeyCheck.Pinned pinned ? pinned.keys() : Set.of();
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        for (String algorithm : algorithms.split(",", -1)) {
            String type = algorithm.startsWith("rsa-sha2-") ? "ssh-rsa" : algorithm;
            if (algorithm.endsWith(CERTIFICATE)) {
                first.add(algorithm);
            } else if (keys.stream().anyMatch(key -> key.algorithm().equals(type))) {
                second.add(algorithm);
            } else {
                rest.add(algorithm);
            }
        }
        List<String> all = new ArrayList<>(certificates ? first : List.of());
        all.addAll(second);
        all.addAll(rest);
        return String.join(",", all);
    }
}
