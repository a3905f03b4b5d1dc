package dev.nixosoperator.nix;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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

    /** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410, section 4). */
    private static final byte[] SPKI = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

    private static final String BASE32 = "0123456789abcdfghijklmnpqrsvwxyz";

    public static Optional<PublicKey> parse(String text) {
        int colon = text.indexOf(':');
        return colon < 1
                ? Optional.empty()
                : Optional.of(new PublicKey(text.substring(0, colon), text.substring(colon + 1)));
    }

    /** Whether one of the path's signatures is of this key; by name alone where the hash is in a form we do not know. */
    public boolean signed(PathInfo info) {
        Optional<String> fingerprint = fingerprint(info);
        return info.signatures().stream()
                .filter(signature -> signature.startsWith(name + ":"))
                .map(signature -> signature.substring(name.length() + 1))
                .anyMatch(signature -> fingerprint.isEmpty() || verifies(signature, fingerprint.get()));
    }

    @Override
    public String toString() {
        return name + ":" + base64;
    }

    private boolean verifies(String signature, String fingerprint) {
        try {
            byte[] raw = Base64.getDecoder().decode(base64);
            byte[] encoded = Arrays.copyOf(SPKI, SPKI.length + raw.length);
            System.arraycopy(raw, 0, encoded, SPKI.length, raw.length);
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
            check.update(fingerprint.getBytes(StandardCharsets.UTF_8));
            return check.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException notAKeyOrSignature) {
            return false;
        }
    }

    /** What is signed; https://nix.dev/manual/nix/latest/store/store-object/ and ValidPathInfo::fingerprint. */
    private static Optional<String> fingerprint(PathInfo info) {
        List<String> references = info.references().stream()
                .map(path -> path.startsWith("/") ? path : "/nix/store/" + path)
                .sorted()
                .toList();
        return base32(info.narHash())
                .map(hash -> "1;" + info.path() + ";sha256:" + hash + ";" + info.narSize() + ";"
                        + references.stream().collect(Collectors.joining(",")));
    }

    private static Optional<String> base32(String narHash) {
        if (narHash.matches("sha256:[0-9a-df-np-sv-z]{52}")) {
            return Optional.of(narHash.substring(7));
        }
        if (!narHash.startsWith("sha256-")) {
            return Optional.empty();
        }
        try {
            return Optional.of(base32(Base64.getDecoder().decode(narHash.substring(7))));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** Nix's own base 32: the last five bits come first. */
    static String base32(byte[] bytes) {
        int length = (bytes.length * 8 - 1) / 5 + 1;
        StringBuilder text = new StringBuilder(length);
        for (int n = length - 1; n >= 0; n--) {
            int bit = n * 5;
            int at = bit / 8;
            int low = (bytes[at] & 0xff) >> (bit % 8);
            int high = at + 1 < bytes.length ? (bytes[at + 1] & 0xff) << (8 - bit % 8) : 0;
            text.append(BASE32.charAt((low | high) & 0x1f));
        }
        return text.toString();
    }
}
