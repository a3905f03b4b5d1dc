package dev.nixosoperator.nix;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Trees, and the archives that they make; bytes are told one character each. */
public sealed interface TestNar {
    record Leaf(String content, boolean executable) implements TestNar {}

    record Link(String target) implements TestNar {}

    record Directory(Map<String, TestNar> entries) implements TestNar {
        public Directory {
            entries = new TreeMap<>(entries);
        }
    }

    static TestNar random(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 4 : 3)) {
            case 0 -> new Link("x" + text(random, random.nextInt(20)));
            case 1, 2 ->
                new Leaf(text(random, random.nextInt(random.nextBoolean() ? 20 : 200_000)), random.nextBoolean());
            default -> {
                Map<String, TestNar> entries = new TreeMap<>();
                for (int n = random.nextInt(6); n > 0; n--) {
                    entries.put("_" + text(random, random.nextInt(12)).replace('/', '-'), random(random, depth - 1));
                }
                yield new Directory(entries);
            }
        };
    }

    /** Any bytes but NUL. */
    private static String text(Random random, int size) {
        StringBuilder text = new StringBuilder();
        random.ints(size, 1, 256).forEach(c -> text.append((char) c));
        return text.toString();
    }

    default byte[] archive() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            WireOutput out = new WireOutput(bytes);
            words(out, "nix-archive-1");
            write(out);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return bytes.toByteArray();
    }

    private void write(WireOutput out) throws IOException {
        words(out, "(", "type");
        switch (this) {
            case Leaf(String content, boolean executable) -> {
                words(out, "regular");
                if (executable) {
                    words(out, "executable", "");
                }
                words(out, "contents", content);
            }
            case Link(String target) -> words(out, "symlink", "target", target);
            case Directory(Map<String, TestNar> entries) -> {
                words(out, "directory");
                for (Map.Entry<String, TestNar> entry : entries.entrySet()) {
                    words(out, "entry", "(", "name", entry.getKey(), "node");
                    entry.getValue().write(out);
                    words(out, ")");
                }
            }
        }
        words(out, ")");
    }

    /** The bytes of these words, right or wrong. */
    static byte[] words(String... words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            words(new WireOutput(bytes), words);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return bytes.toByteArray();
    }

    private static void words(WireOutput out, String... words) throws IOException {
        for (String word : words) {
            out.string(word.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
