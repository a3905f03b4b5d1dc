package dev.nixosoperator.remote;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a job runs. Nothing here may be secret: the script lies in the job's directory, its arguments are readable in
 * {@code /proc}.
 *
 * @param script text of the script
 * @param args its arguments
 * @param interpreter the shell that reads it
 * @param owner uid of the object this is done for, written next to the machine's lock
 */
public record JobSpec(String script, List<String> args, Interpreter interpreter, String owner) {
    /** The shells a script may be written for. */
    public enum Interpreter {
        SH,
        BASH;

        String program() {
            return this == SH ? "sh" : "bash";
        }
    }

    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]*");

    public JobSpec {
        args = List.copyOf(args);
        if (!OWNER.matcher(owner).matches()) {
            throw new IllegalArgumentException("not an owner: " + owner);
        }
    }

    public static JobSpec sh(String script, String owner, String... args) {
        return new JobSpec(script, List.of(args), Interpreter.SH, owner);
    }

    public static JobSpec bash(String script, String owner, String... args) {
        return new JobSpec(script, List.of(args), Interpreter.BASH, owner);
    }

    byte[] scriptBytes() {
        return script.getBytes(StandardCharsets.UTF_8);
    }
}
