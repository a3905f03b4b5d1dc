package dev.nixosoperator.remote;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** Bytes for a command's standard input. They are streamed: memory does not grow with their number. */
public final class Stdin {
    /** Opens the content; it may be opened again for another try. */
    @FunctionalInterface
    public interface Source {
        InputStream open() throws IOException;
    }

    private final long length;
    private final Source source;
    private final LongConsumer progress;

    private Stdin(long length, Source source, LongConsumer progress) {
        this.length = length;
        this.source = source;
        this.progress = progress;
    }

    public static Stdin of(byte[] content) {
        return new Stdin(content.length, () -> new ByteArrayInputStream(content), Stdin::nobody);
    }

    public static Stdin of(Secret content) {
        return new Stdin(content.length(), () -> new ByteArrayInputStream(content.bytes()), Stdin::nobody);
    }

    /** @param length in bytes; what the source has more or less than that ends the transfer as a failure */
    public static Stdin of(long length, Source source) {
        return new Stdin(length, source, Stdin::nobody);
    }

    /** The callback gets the bytes handed to the connection so far, often and on the thread that runs the command. */
    public Stdin withProgress(LongConsumer callback) {
        return new Stdin(length, source, callback);
    }

    /** In bytes. */
    public long length() {
        return length;
    }

    public InputStream open() throws IOException {
        return source.open();
    }

    public LongConsumer progress() {
        return progress;
    }

    private static void nobody(long sent) {}

    @Override
    public String toString() {
        return "Stdin[" + length + " bytes]";
    }
}
