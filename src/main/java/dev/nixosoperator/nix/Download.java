package dev.nixosoperator.nix;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A file as it comes from a cache, counted and hashed, which knows whose fault it is when it cannot be read. */
final class Download extends HashedInput {
    private final NarInfo info;
    private long count;

    Download(InputStream in, NarInfo info) {
        super(in, !isArchive(info));
        this.info = info;
    }

    /** Not compressed: the archive's own hash, which is signed, says all. */
    private static boolean isArchive(NarInfo info) {
        return info.file().compression() == Compression.NONE
                && info.nar().hash().equals(info.file().hash());
    }

    @Override
    void passed(byte[] buffer, int offset, int length) throws IOException {
        count += length;
        if (count > most()) {
            throw new IOException("longer than promised");
        }
    }

    /** Why the file or what is made of it could not be read. */
    CacheFailure blame(IOException failure) {
        IOException lost = broken();
        if (lost != null) {
            return new CacheFailure.CacheUnavailable(info.file().url(), String.valueOf(lost.getMessage()));
        }
        return count > most()
                ? new CacheFailure.SizeMismatch(info.path(), CacheFailure.What.FILE, most(), count)
                : new CacheFailure.BadCompression(info.path(), String.valueOf(failure.getMessage()));
    }

    /** What is wrong with the file when all that is wanted of it was read. */
    Optional<CacheFailure> atEnd() {
        try {
            if (read() >= 0) {
                return Optional.of(blame(new IOException("bytes after the end")));
            }
        } catch (IOException unreadable) {
            return Optional.of(blame(unreadable));
        }
        Long size = info.file().size();
        if (size != null && size != count) {
            return Optional.of(new CacheFailure.SizeMismatch(info.path(), CacheFailure.What.FILE, size, count));
        }
        NixHash promised = info.file().hash();
        if (promised == null || isArchive(info)) {
            return Optional.empty();
        }
        NixHash found = hash();
        return promised.equals(found)
                ? Optional.empty()
                : Optional.of(new CacheFailure.HashMismatch(info.path(), CacheFailure.What.FILE, promised, found));
    }

    private long most() {
        Long size = info.file().size();
        return size == null ? Long.MAX_VALUE : size;
    }
}
