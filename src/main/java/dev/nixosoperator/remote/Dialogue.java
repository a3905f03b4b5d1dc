package dev.nixosoperator.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Speaks with a program that answers while it reads. */
@FunctionalInterface
public interface Dialogue {
    /**
     * Called once, on the thread that runs the command; afterwards the program reads the end of its input. A silence
     * that lasts too long, and {@link RemoteHost#close()}, end both streams.
     *
     * @param from stdout of the program
     * @param to its stdin
     * @throws IOException of the streams
     */
    void hold(InputStream from, OutputStream to) throws IOException;
}
