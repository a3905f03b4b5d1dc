package dev.nixosoperator.remote;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How OpenSSH compares names of hosts (ssh_config(5), PATTERNS). */
public final class HostPatterns {
    private static final String HASHED = "|1|";

    private HostPatterns() {}

    /**
     * @param field a hashed name, or patterns between commas; one with {@code !} that matches outweighs all others
     * @param name in lower case
     */
    static boolean match(String field, String name) {
        if (field.startsWith("|")) {
            return hashed(field, name);
        }
        boolean matches = false;
        for (String pattern : field.split(",", -1)) {
            boolean negated = pattern.startsWith("!");
            if (matches(negated ? pattern.substring(1) : pattern, name)) {
                if (negated) {
                    return false;
                }
                matches = true;
            }
        }
        return matches;
    }

    /** @param pattern with {@code *} and {@code ?}; upper and lower case are the same */
    public static boolean matches(String pattern, String name) {
        String regex = pattern.toLowerCase(Locale.ROOT)
                .codePoints()
                .mapToObj(c -> switch (c) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining());
        // "**" is "*": else a long row of them takes for ever
        return Pattern.matches(regex.replaceAll("(\\.\\*)+", ".*"), name.toLowerCase(Locale.ROOT));
    }

    /** {@code |1|salt|hash}: HMAC-SHA1 of the name. */
    private static boolean hashed(String field, String name) {
        String[] parts =
                field.substring(Math.min(HASHED.length(), field.length())).split("\\|", -1);
        if (!field.startsWith(HASHED) || parts.length != 2) {
            return false;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(parts[0]), "HmacSHA1"));
            byte[] sum = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
            return MessageDigest.isEqual(sum, Base64.getDecoder().decode(parts[1]));
        } catch (GeneralSecurityException | IllegalArgumentException garbage) {
            return false;
        }
    }
}
