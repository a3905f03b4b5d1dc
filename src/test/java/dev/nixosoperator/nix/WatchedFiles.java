package dev.nixosoperator.nix;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A cache in memory that does to some files something else; asked by several threads. */
record WatchedFiles(Map<String, byte[]> files, Function<String, Optional<Answer<InputStream, CacheFailure>>> instead)
        implements CacheFiles {
    @Override
    public Answer<InputStream, CacheFailure> open(String file) {
        return instead.apply(file).orElseGet(() -> new MemoryFiles(files).open(file));
    }

    @Override
    public String url(String file) {
        return "watched:" + file;
    }

    /** A file that comes but for its end. */
    static InputStream breakingOff(byte[] file) {
        return new SequenceInputStream(
                new ByteArrayInputStream(Arrays.copyOf(file, file.length - 1000)), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("gone");
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                        return read();
                    }
                });
    }
}
