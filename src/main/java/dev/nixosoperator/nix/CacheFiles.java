package dev.nixosoperator.nix;

import java.io.InputStream;

/** The files of a binary cache. */
interface CacheFiles extends AutoCloseable {
    /**
     * Opens one.
     *
     * @param file relative to the cache, as {@link NarInfo.File#url()} has it
     * @return a stream that throws where the cache stops to answer
     */
    Answer<InputStream, CacheFailure> open(String file);

    /** For messages. */
    String url(String file);

    @Override
    default void close() {}
}
