package dev.nixosoperator.nix;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A cache that a test can change. */
record MemoryFiles(Map<String, byte[]> files) implements CacheFiles {
    /** All files of a directory. */
    static Map<String, byte[]> of(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            Map<String, byte[]> files = new HashMap<>();
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(directory.relativize(file).toString(), Files.readAllBytes(file));
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Answer<InputStream, CacheFailure> open(String file) {
        byte[] bytes = files.get(file);
        return bytes == null
                ? Answer.not(new CacheFailure.NotFound(url(file)))
                : Answer.is(new ByteArrayInputStream(bytes));
    }

    @Override
    public String url(String file) {
        return "memory:" + file;
    }
}
