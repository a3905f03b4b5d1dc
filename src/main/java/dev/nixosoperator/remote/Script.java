package dev.nixosoperator.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A POSIX {@code sh} script of the class path. It travels as one argument of {@code sh -c}, which everybody on the
 * machine can read; so it holds no secrets, and at most {@link #MAX_BYTES}. Longer scripts are for {@link Jobs}.
 */
public record Script(String name, String text) {
    /** Linux takes 128 KiB for one argument (MAX_ARG_STRLEN), and quoting it twice makes it longer. */
    public static final int MAX_BYTES = 48 << 10;

    public Script {
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException(name + " is too long for an argument");
        }
    }

    /** Loads {@code /dev/nixosoperator/remote/NAME}; a name that is not there is a bug. */
    public static Script load(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no script " + name);
            }
            return new Script(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
