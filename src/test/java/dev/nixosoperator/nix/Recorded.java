package dev.nixosoperator.nix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What real Nix wrote; {@code regenerate.sh} there writes it anew. */
final class Recorded {
    static final Path DIRECTORY = Path.of("src/test/resources/nix").toAbsolutePath();

    private Recorded() {}

    static byte[] bytes(String file) {
        try {
            return Files.readAllBytes(DIRECTORY.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(String file) {
        return new String(bytes(file), StandardCharsets.UTF_8);
    }

    static StorePath top() {
        return StorePath.parse(text("top").strip()).orElseThrow();
    }

    static List<PublicKey> keys() {
        return List.of(PublicKey.parse(text("public-key")).orElseThrow());
    }

    static String narInfo(String compression, StorePath path) {
        return text("cache/" + compression + "/" + path.hash() + ".narinfo");
    }
}
