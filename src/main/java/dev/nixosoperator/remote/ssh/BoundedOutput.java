package dev.nixosoperator.remote.ssh;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the first bytes and counts the rest. */
final class BoundedOutput extends OutputStream {
    private final int limit;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream(512);
    private long cut;

    BoundedOutput(int limit) {
        this.limit = limit;
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
    }

    synchronized String text() {
        String text = kept.toString(StandardCharsets.UTF_8);
        return cut == 0 ? text : text + "\n[… " + cut + " bytes cut]\n";
    }
}
