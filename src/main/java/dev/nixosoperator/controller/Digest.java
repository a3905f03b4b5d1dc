package dev.nixosoperator.controller;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of a list of texts; each is followed by a separator, so that moving text between parts changes it. */
final class Digest {
    private final MessageDigest sum;

    Digest() {
        try {
            sum = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    Digest add(Object part) {
        sum.update(String.valueOf(part).getBytes(StandardCharsets.UTF_8));
        sum.update((byte) 0);
        return this;
    }

    /** 32 hex digits; to be asked once. */
    String hex() {
        return HexFormat.of().formatHex(sum.digest(), 0, 16);
    }
}
