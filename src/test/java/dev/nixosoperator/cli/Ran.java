package dev.nixosoperator.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import picocli.CommandLine;

/** A command as it was run. */
record Ran(int status, String out, String err) {
    /** There is one for all threads: who gives a command something to read locks it. */
    static final String STANDARD_INPUT = "standard input";

    static Ran command(Object command, Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        return new Ran(status, out.toString(), err.toString());
    }

    /** The same with something on standard input. */
    static Ran withInput(String input, Object command, Object... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return command(command, arguments);
        } finally {
            System.setIn(before);
        }
    }
}
