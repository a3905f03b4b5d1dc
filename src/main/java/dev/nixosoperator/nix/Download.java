package dev.nixosoperator.nix;

import dev.nixosoperator.hash.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file as it comes from a cache, counted and hashed, which knows whose fault it is when it cannot be read. */
final class Download extends InputStream {
    private final InputStream in;
    private final NarInfo info;
    private final MessageDigest digest = Sha256.digest();
    private long count;
    private @Nullable IOException broken;

    Download(InputStream in, NarInfo info) {
        this.in = in;
        this.info = info;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read;
        try {
            read = in.read(buffer, offset, length);
        } catch (IOException lost) {
            broken = lost;
            throw lost;
        }
        if (read > 0) {
            digest.update(buffer, offset, read);
            count += read;
        }
        if (count > most()) {
            throw new IOException("longer than promised");
        }
        return read;
    }

    /** Why the file or what is made of it could not be read. */
    CacheFailure blame(IOException failure) {
        if (broken != null) {
            return new CacheFailure.CacheUnavailable(info.file().url(), String.valueOf(broken.getMessage()));
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
        NixHash found = NixHash.of(digest.digest());
        return promised == null || promised.equals(found)
                ? Optional.empty()
                : Optional.of(new CacheFailure.HashMismatch(info.path(), CacheFailure.What.FILE, promised, found));
    }

    private long most() {
        Long size = info.file().size();
        return size == null ? Long.MAX_VALUE : size;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
