package dev.nixosoperator.remote;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** Bytes that must not be seen: no log, event, argv or exception message may show them. */
public final class Secret implements AutoCloseable {
    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Secret of(byte[] bytes) {
        return new Secret(bytes.clone());
    }

    public static Secret of(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A copy; the caller keeps it no longer than needed. */
    public byte[] bytes() {
        return bytes.clone();
    }

    public String utf8() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A password: files and editors end a line, no password ends with one. */
    public Secret withoutLineEnd() {
        return of(utf8().replaceFirst("\\R$", ""));
    }

    public int length() {
        return bytes.length;
    }

    /** Overwrites the bytes with zeros; the secret is useless afterwards. */
    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    /** Takes the same time wherever the first difference is. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Secret[redacted]";
    }
}
