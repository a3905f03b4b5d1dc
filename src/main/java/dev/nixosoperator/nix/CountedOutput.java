package dev.nixosoperator.nix;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/** Tells how many bytes went through it so far, each time that some do. */
final class CountedOutput extends OutputStream {
    private final OutputStream to;
    private final LongConsumer listener;
    private long count;

    CountedOutput(OutputStream to, LongConsumer listener) {
        this.to = to;
        this.listener = listener;
    }

    long count() {
        return count;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        count += length;
        to.write(buffer, offset, length);
        listener.accept(count);
    }
}
