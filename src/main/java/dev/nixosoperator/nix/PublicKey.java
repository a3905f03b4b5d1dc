package dev.nixosoperator.nix;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * A key that signs store paths: {@code NAME:BASE64}, Ed25519.
 *
 * @param name as it stands before the signatures
 * @param base64 32 bytes
 */
public record PublicKey(String name, String base64) {
    /** Of cache.nixos.org; Nix trusts it by default. */
    public static final PublicKey CACHE_NIXOS_ORG =
            new PublicKey("cache.nixos.org-1", "6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=");

    public static Optional<PublicKey> parse(String text) {
        int colon = text.indexOf(':');
        return colon < 1
                ? Optional.empty()
                : Optional.of(new PublicKey(text.substring(0, colon), text.substring(colon + 1)));
    }

    /** Whether one of the path's signatures is of this key; by name alone where the hash is in a form we do not know. */
    public boolean signed(PathInfo info) {
        Optional<String> fingerprint = fingerprint(info);
        return fingerprint.isPresent()
                ? signed(fingerprint.get(), info.signatures())
                : info.signatures().stream().anyMatch(signature -> signature.startsWith(name + ":"));
    }

    /** Whether one of the signatures, {@code KEYNAME:BASE64}, is this key's of the text. */
    boolean signed(String text, Collection<String> signatures) {
        return signatures.stream()
                .filter(signature -> signature.startsWith(name + ":"))
                .map(signature -> signature.substring(name.length() + 1))
                .anyMatch(signature -> verifies(signature, text));
    }

    @Override
    public String toString() {
        return name + ":" + base64;
    }

    /** Not by the JDK, which takes eight times as long: seconds for a system. */
    private boolean verifies(String signature, String text) {
        try {
            byte[] key = Base64.getDecoder().decode(base64);
            byte[] signed = Base64.getDecoder().decode(signature);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return key.length == Ed25519.PUBLIC_KEY_SIZE
                    && signed.length == Ed25519.SIGNATURE_SIZE
                    && Base64.getEncoder().encodeToString(signed).equals(signature)
                    && Ed25519.verify(signed, 0, key, 0, bytes, 0, bytes.length);
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    /** What is signed; https://nix.dev/manual/nix/latest/store/store-object/ and ValidPathInfo::fingerprint. */
    private static Optional<String> fingerprint(PathInfo info) {
        List<String> references = info.references().stream()
                .map(path -> path.startsWith("/") ? path : "/nix/store/" + path)
                .sorted()
                .toList();
        return NixHash.parse(info.narHash())
                .map(hash -> "1;" + info.path() + ";" + hash + ";" + info.narSize() + ";"
                        + references.stream().collect(Collectors.joining(",")));
    }
}
