package dev.nixosoperator.nix;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Nix's way to write: numbers of 8 bytes, the lowest first; strings after their length, filled up with zeros to 8. */
final class WireInput {
    static final int WORD = 8;

    private final InputStream in;
    private final long limit;
    private long position;

    WireInput(InputStream in) {
        this(in, Long.MAX_VALUE);
    }

    /** @param limit bytes that may be read; nothing beyond them is touched */
    WireInput(InputStream in, long limit) {
        this.in = in;
        this.limit = limit;
    }

    /** Bytes read. */
    long position() {
        return position;
    }

    /** Unsigned, as Nix takes it: what is negative here is too much for anything. */
    long number() throws IOException {
        byte[] word = bytes(WORD);
        long number = 0;
        for (int n = WORD - 1; n >= 0; n--) {
            number = (number << 8) | (word[n] & 0xff);
        }
        return number;
    }

    /** A number that may be no more than this. */
    long number(long most) throws IOException {
        long number = number();
        if (number < 0 || number > most) {
            throw new WireException(WireFault.TOO_LONG);
        }
        return number;
    }

    /** @param most bytes */
    byte[] string(int most) throws IOException {
        byte[] bytes = bytes((int) number(most));
        padding(bytes.length);
        return bytes;
    }

    /** One character for each byte, so that nothing that is not ASCII looks like something else. */
    String word(int most) throws IOException {
        return new String(string(most), StandardCharsets.ISO_8859_1);
    }

    /** What fills a string of this size up. */
    void padding(long size) throws IOException {
        for (byte fill : bytes((int) (-size & (WORD - 1)))) {
            if (fill != 0) {
                throw new WireException(WireFault.PADDING);
            }
        }
    }

    byte[] bytes(int size) throws IOException {
        byte[] bytes = new byte[size];
        fill(bytes, size);
        return bytes;
    }

    void fill(byte[] buffer, int size) throws IOException {
        if (size > left()) {
            throw new WireException(WireFault.BEYOND_SIZE);
        }
        int read = in.readNBytes(buffer, 0, size);
        position += read;
        if (read < size) {
            throw new WireException(WireFault.ENDS_EARLY);
        }
    }

    /** Bytes that may still be read. */
    long left() {
        return limit - position;
    }
}
