package dev.nixosoperator.nix;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A SHA-256, the only kind of hash that archives have.
 *
 * @param hex 64 digits, in lower case
 */
public record NixHash(String hex) {
    private static final int BYTES = 32;
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    /**
     * Reads {@code sha256:} with hex, Nix's base 32 or base 64, and {@code sha256-} with base 64 (SRI). Empty for
     * anything else, such as bits that do not belong to the hash.
     */
    public static Optional<NixHash> parse(String text) {
        String digits = text.length() > 7 ? text.substring(7) : "";
        if (text.startsWith("sha256-")) {
            return base64(digits);
        }
        if (!text.startsWith("sha256:")) {
            return Optional.empty();
        }
        return HEX.matcher(digits).matches()
                ? Optional.of(new NixHash(digits))
                : Base32.decode(digits, BYTES).map(NixHash::of).or(() -> base64(digits));
    }

    /** @param bytes 32 of them */
    public static NixHash of(byte[] bytes) {
        return new NixHash(HexFormat.of().formatHex(bytes));
    }

    private static Optional<NixHash> base64(String digits) {
        try {
            byte[] bytes = Base64.getDecoder().decode(digits);
            boolean canonical = bytes.length == BYTES
                    && Base64.getEncoder().encodeToString(bytes).equals(digits);
            return canonical ? Optional.of(of(bytes)) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** {@code sha256:} and base 32, as it is signed. */
    @Override
    public String toString() {
        return "sha256:" + Base32.encode(HexFormat.of().parseHex(hex));
    }
}
