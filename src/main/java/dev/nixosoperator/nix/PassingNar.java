package dev.nixosoperator.nix;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * An archive on its way: what is read of it is hashed and written on. Its receiver has all of a wrong archive but its
 * end before that is known, and must be told, or left, without it.
 */
final class PassingNar extends HashedInput {
    private final InputStream nar;
    private final OutputStream to;

    private PassingNar(InputStream nar, OutputStream to) {
        super(nar, true);
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
            NarReader.read(wire);
        } catch (WireException wrong) {
            return Optional.of(new CacheFailure.BadArchive(info.path(), wrong.fault(), wire.position()));
        } catch (IOException failed) {
            if (broken() == null) {
                throw failed;
            }
            return Optional.of(file.blame(failed));
        }
        if (wire.position() < size) {
            return Optional.of(
                    new CacheFailure.SizeMismatch(info.path(), CacheFailure.What.NAR, size, wire.position()));
        }
        NixHash found = hash();
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
    void passed(byte[] buffer, int offset, int length) throws IOException {
        to.write(buffer, offset, length);
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
