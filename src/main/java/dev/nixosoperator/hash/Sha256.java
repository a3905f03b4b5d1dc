package dev.nixosoperator.hash;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256; texts as UTF-8, hex in lower case. */
public final class Sha256 {
    private Sha256() {}

    /** For what comes piece by piece. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaPlatformHasIt) {
            throw new IllegalStateException(everyJavaPlatformHasIt);
        }
    }

    public static byte[] of(byte[] bytes) {
        return digest().digest(bytes);
    }

    /** 64 hex digits. */
    public static String hex(String text) {
        return HexFormat.of().formatHex(of(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The first 32 hex digits, enough to tell things apart. */
    public static String name(String text) {
        return hex(text).substring(0, 32);
    }

    /** The same of a list of parts; a NUL follows each, so that moving text between parts changes it. */
    public static String name(List<?> parts) {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append(part).append('\0'));
        return name(text.toString());
    }
}
