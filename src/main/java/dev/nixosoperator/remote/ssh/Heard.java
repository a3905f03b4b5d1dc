package dev.nixosoperator.remote.ssh;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Streams whose bytes break a {@link Silence}. */
final class Heard {
    private Heard() {}

    static InputStream in(InputStream from, Silence silence) {
        return new FilterInputStream(from) {
            @Override
            public int read() throws IOException {
                int read = in.read();
                silence.isBroken();
                return read;
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                int read = in.read(to, offset, length);
                silence.isBroken();
                return read;
            }
        };
    }

    static OutputStream out(OutputStream to, Silence silence) {
        return new FilterOutputStream(to) {
            @Override
            public void write(int one) throws IOException {
                out.write(one);
                silence.isBroken();
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                out.write(from, offset, length);
                silence.isBroken();
            }
        };
    }
}
