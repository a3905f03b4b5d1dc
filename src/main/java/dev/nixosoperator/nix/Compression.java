package dev.nixosoperator.nix;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.stream.Stream;
import org.tukaani.xz.BasicArrayCache;
import org.tukaani.xz.XZInputStream;

/** How an archive lies in a cache. Nix knows more of them (bzip2, br, …); caches of today use these. */
public enum Compression {
    NONE {
        @Override
        InputStream decompress(InputStream file) {
            return file;
        }
    },
    XZ {
        @Override
        InputStream decompress(InputStream file) throws IOException {
            // the cache spares small archives the time to clear 8 MiB for each
            InputStream xz = new XZInputStream(
                    new BufferedInputStream(file, BUFFER), XZ_MEMORY_KIB, true, BasicArrayCache.getInstance());
            return new BufferedInputStream(xz, BUFFER);
        }
    },
    /** Its window, 128 MiB at the most, is outside of the heap. */
    ZSTD {
        @Override
        InputStream decompress(InputStream file) throws IOException {
            return new BufferedInputStream(new ZstdInputStreamNoFinalizer(file), BUFFER);
        }
    };

    /** What {@code xz -9}, the most, needs is 65 MiB; Nix itself takes the 9 MiB of {@code xz -6}. */
    private static final int XZ_MEMORY_KIB = 72 * 1024;

    private static final int BUFFER = 32 * 1024;

    /** By the word that stands in a narinfo. */
    static Optional<Compression> parse(String word) {
        return Stream.of(values())
                .filter(compression -> compression.word().equals(word))
                .findFirst();
    }

    String word() {
        return switch (this) {
            case NONE -> "none";
            case XZ -> "xz";
            case ZSTD -> "zstd";
        };
    }

    /** Must be closed, for it holds memory outside of the heap; its errors are of the file or of what is wrong in it. */
    abstract InputStream decompress(InputStream file) throws IOException;
}
