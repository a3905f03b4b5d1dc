package dev.nixosoperator.nix;

import dev.nixosoperator.hash.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An archive on its way: what is read of it is hashed and written on. Its receiver has all of a wrong archive but its
 * end before that is known, and must be told, or left, without it.
 */
final class PassingNar extends InputStream {
    private final InputStream nar;
    private final OutputStream to;
    private final MessageDigest digest = Sha256.digest();
    private @Nullable IOException broken;

    private PassingNar(InputStream nar, OutputStream to) {
        this.nar = nar;
        this.to = to;
    }

    /**
     * Decompresses, checks and writes on.
     *
     * @return why what was written is not what the cache promised
     * @throws IOException of {@code to}
     */
    static Optional<CacheFailure> pass(NarInfo info, Download file, OutputStream to) throws IOException {
        InputStream nar;
        try {
            nar = info.file().compression().decompress(file);
        } catch (IOException unreadable) {
            return Optional.of(file.blame(unreadable));
        }
        try {
            PassingNar passing = new PassingNar(nar, to);
            Optional<CacheFailure> failure = passing.checked(info, file);
            return failure.isPresent() ? failure : passing.atEnd(info, file);
        } finally {
            closed(nar);
        }
    }

    private Optional<CacheFailure> checked(NarInfo info, Download file) throws IOException {
        long size = info.nar().size();
        WireInput wire = new WireInput(this, size);
        try {
            NarReader.read(wire, new NarVisitor() {});
        } catch (WireException wrong) {
            return Optional.of(new CacheFailure.BadArchive(info.path(), wrong.fault(), wire.position()));
        } catch (IOException failed) {
            if (broken == null) {
                throw failed;
            }
            return Optional.of(file.blame(failed));
        }
        if (wire.position() < size) {
            return Optional.of(
                    new CacheFailure.SizeMismatch(info.path(), CacheFailure.What.NAR, size, wire.position()));
        }
        NixHash found = NixHash.of(digest.digest());
        return info.nar().hash().equals(found)
                ? Optional.empty()
                : Optional.of(new CacheFailure.HashMismatch(
                        info.path(), CacheFailure.What.NAR, info.nar().hash(), found));
    }

    private Optional<CacheFailure> atEnd(NarInfo info, Download file) {
        try {
            if (nar.read() >= 0) {
                return Optional.of(new CacheFailure.BadArchive(
                        info.path(), WireFault.TRAILING, info.nar().size()));
            }
        } catch (IOException unreadable) {
            return Optional.of(file.blame(unreadable));
        }
        return file.atEnd();
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
            read = nar.read(buffer, offset, length);
        } catch (IOException unreadable) {
            broken = unreadable;
            throw unreadable;
        }
        if (read > 0) {
            digest.update(buffer, offset, read);
            to.write(buffer, offset, read);
        }
        return read;
    }

    /** What closing says of a file that was read changes nothing. */
    private static void closed(InputStream stream) {
        try {
            stream.close();
        } catch (IOException isClosed) {
            return;
        }
    }
}
