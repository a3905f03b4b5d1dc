package dev.nixosoperator.nix;

import dev.nixosoperator.hash.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Hashes what is read through it, and remembers whether it was the source that could not be read. */
abstract class HashedInput extends InputStream {
    private final InputStream in;
    private final MessageDigest digest = Sha256.digest();
    private final boolean hashes;
    private @Nullable IOException broken;

    /** @param hashes false: nobody will ask for the hash */
    HashedInput(InputStream in, boolean hashes) {
        this.in = in;
        this.hashes = hashes;
    }

    /** Is told of each piece; what it throws is no fault of the source. */
    abstract void passed(byte[] buffer, int offset, int length) throws IOException;

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
        } catch (IOException unreadable) {
            broken = unreadable;
            throw unreadable;
        }
        if (read > 0) {
            if (hashes) {
                digest.update(buffer, offset, read);
            }
            passed(buffer, offset, read);
        }
        return read;
    }

    /** Why the source could not be read; null: it could. */
    @Nullable
    IOException broken() {
        return broken;
    }

    /** Of all that was read; once. */
    NixHash hash() {
        return NixHash.of(digest.digest());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
