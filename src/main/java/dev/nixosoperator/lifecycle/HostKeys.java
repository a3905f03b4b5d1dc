package dev.nixosoperator.lifecycle;

import dev.nixosoperator.hash.Sha256;
import java.util.Base64;
import java.util.List;

/** Fingerprints of public host keys, as {@code ssh-keygen -l} shows them (SHA-256 of the key blob, RFC 4253 6.6). */
final class HostKeys {
    private HostKeys() {}

    static List<String> fingerprints(List<String> keys) {
        return keys.stream().map(HostKeys::fingerprint).toList();
    }

    private static String fingerprint(String key) {
        String[] parts = key.split(" ", 3);
        try {
            byte[] blob = Base64.getDecoder().decode(parts.length > 1 ? parts[1] : parts[0]);
            byte[] sum = Sha256.of(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(sum);
        } catch (IllegalArgumentException notBase64) {
            return "unreadable";
        }
    }
}
