package dev.nixosoperator.nix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads an archive up to its end and no further, strictly: what Nix would refuse is refused, and what it would let pass although it does
 * not write it, too. Needs the same memory for every archive.
 *
 * @see <a href="https://nix.dev/manual/nix/latest/protocols/nix-archive/">the format</a>
 */
final class NarReader {
    /** Nix takes any depth in older versions, and 64 in newer ones; a Java thread's stack has room for more than this. */
    private static final int DEPTH = 256;
    /** The longest word of the format, its own name, is shorter. */
    private static final int WORD = 16;
    /** NAME_MAX and PATH_MAX of Linux, which are Nix's bounds as well. */
    private static final int NAME = 255;

    private static final int TARGET = 4095;

    private final WireInput in;
    private final byte[] buffer = new byte[32 * 1024];

    private final byte @Nullable [] wanted;
    private byte @Nullable [] found;

    /** @param wanted name of a file that is kept, in the directory that the archive is */
    private NarReader(WireInput in, byte @Nullable [] wanted) {
        this.in = in;
        this.wanted = wanted;
    }

    /** @throws WireException for what is no archive */
    static void read(WireInput in) throws IOException {
        read(in, null);
    }

    private static NarReader read(WireInput in, byte @Nullable [] wanted) throws IOException {
        NarReader reader = new NarReader(in, wanted);
        reader.expect("nix-archive-1");
        reader.node(0, false);
        return reader;
    }

    /**
     * What is in a file of the directory that the archive is; empty where no file is called so.
     *
     * @throws WireException for what is no archive
     */
    static Optional<byte[]> file(WireInput in, String name) throws IOException {
        return Optional.ofNullable(read(in, name.getBytes(StandardCharsets.UTF_8)).found);
    }

    private void node(int depth, boolean keep) throws IOException {
        if (depth >= DEPTH) {
            throw new WireException(WireFault.TOO_DEEP);
        }
        expect("(");
        expect("type");
        switch (in.word(WORD)) {
            case "regular" -> file(keep);
            case "directory" -> directory(depth);
            case "symlink" -> link();
            default -> throw new WireException(WireFault.UNEXPECTED_WORD);
        }
    }

    private void file(boolean keep) throws IOException {
        String word = in.word(WORD);
        if (word.equals("executable")) {
            expect("");
            word = in.word(WORD);
        }
        if (!word.equals("contents")) {
            throw new WireException(WireFault.UNEXPECTED_WORD);
        }
        long size = in.number();
        if (size < 0 || size > in.left()) {
            throw new WireException(WireFault.BEYOND_SIZE);
        }
        if (keep) {
            found = in.bytes(Math.toIntExact(size));
        } else {
            pass(size);
        }
        in.padding(size);
        expect(")");
    }

    private void pass(long size) throws IOException {
        for (long left = size; left > 0; ) {
            int some = (int) Math.min(left, buffer.length);
            in.fill(buffer, some);
            left -= some;
        }
    }

    private void directory(int depth) throws IOException {
        byte[] last = {};
        for (String word = in.word(WORD); !word.equals(")"); word = in.word(WORD)) {
            if (!word.equals("entry")) {
                throw new WireException(WireFault.UNEXPECTED_WORD);
            }
            expect("(");
            expect("name");
            byte[] name = name(last);
            expect("node");
            node(depth + 1, depth == 0 && Arrays.equals(name, wanted));
            expect(")");
            last = name;
        }
    }

    private byte[] name(byte[] last) throws IOException {
        byte[] name = in.string(NAME);
        boolean dots = name.length > 0 && name.length < 3 && name[0] == '.' && name[name.length - 1] == '.';
        if (name.length == 0 || dots || contains(name, '/') || contains(name, '\0')) {
            throw new WireException(WireFault.BAD_NAME);
        }
        if (Arrays.compareUnsigned(last, name) >= 0) {
            throw new WireException(WireFault.UNSORTED);
        }
        return name;
    }

    private void link() throws IOException {
        expect("target");
        byte[] target = in.string(TARGET);
        if (target.length == 0 || contains(target, '\0')) {
            throw new WireException(WireFault.BAD_TARGET);
        }
        expect(")");
    }

    private void expect(String word) throws IOException {
        if (!in.word(WORD).equals(word)) {
            throw new WireException(WireFault.UNEXPECTED_WORD);
        }
    }

    private static boolean contains(byte[] text, char character) {
        for (byte b : text) {
            if (b == character) {
                return true;
            }
        }
        return false;
    }
}
