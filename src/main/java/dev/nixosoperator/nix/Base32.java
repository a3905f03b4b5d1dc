package dev.nixosoperator.nix;

import java.util.Optional;

/** Nix's own base 32: the last five bits come first, and no e, o, t, u. */
final class Base32 {
    private static final String DIGITS = "0123456789abcdfghijklmnpqrsvwxyz";

    private Base32() {}

    static String encode(byte[] bytes) {
        int length = length(bytes.length);
        StringBuilder text = new StringBuilder(length);
        for (int n = length - 1; n >= 0; n--) {
            int bit = n * 5;
            int at = bit / 8;
            int low = (bytes[at] & 0xff) >> (bit % 8);
            int high = at + 1 < bytes.length ? (bytes[at + 1] & 0xff) << (8 - bit % 8) : 0;
            text.append(DIGITS.charAt((low | high) & 0x1f));
        }
        return text.toString();
    }

    /** Empty unless the text is what {@link #encode} makes of so many bytes. */
    static Optional<byte[]> decode(String text, int size) {
        int length = length(size);
        if (text.length() != length) {
            return Optional.empty();
        }
        byte[] bytes = new byte[size];
        for (int n = 0; n < length; n++) {
            int digit = DIGITS.indexOf(text.charAt(length - 1 - n));
            int bit = n * 5;
            int at = bit / 8;
            int bits = digit << (bit % 8);
            boolean fits = bits <= 0xff || at + 1 < size;
            if (digit < 0 || !fits) {
                return Optional.empty();
            }
            bytes[at] = (byte) (bytes[at] | bits);
            if (at + 1 < size) {
                bytes[at + 1] = (byte) (bytes[at + 1] | (bits >> 8));
            }
        }
        return Optional.of(bytes);
    }

    private static int length(int size) {
        return (size * 8 - 1) / 5 + 1;
    }
}
