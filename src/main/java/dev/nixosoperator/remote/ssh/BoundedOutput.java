package dev.nixosoperator.remote.ssh;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the first bytes and counts the rest, up to where somebody prints without end. */
final class BoundedOutput extends OutputStream {
    /** Bytes beyond what is kept, after which nothing that a command prints on purpose comes. */
    static final long FLOOD = 32L << 20;

    private final int limit;
    private final Runnable flooded;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(512);
    private long cut;

    /** @param flooded called on the I/O thread, more than once, when there is too much */
    BoundedOutput(int limit, Runnable flooded) {
        this.limit = limit;
        this.flooded = flooded;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        int keep = Math.min(length, limit - kept.size());
        kept.write(bytes, offset, keep);
        cut += length - keep;
        if (cut > FLOOD) {
            flooded.run();
        }
    }

    synchronized String text() {
        String text = kept.toString(StandardCharsets.UTF_8);
        return cut == 0 ? text : text + "\n[… " + cut + " bytes cut]\n";
    }
}
