package dev.nixosoperator.remote;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a job runs. Nothing here may be secret: the script lies in the job's directory, arguments and environment are
 * readable in {@code /proc}.
 *
 * @param script text of the script
 * @param args its arguments
 * @param interpreter the shell that reads it
 * @param owner uid of the object this is done for, written next to the machine's lock
 * @param env additional variables
 */
public record JobSpec(
        String script, List<String> args, Interpreter interpreter, String owner, Map<String, String> env) {
    /** The shells a script may be written for. */
    public enum Interpreter {
        SH,
        BASH;

        String program() {
            return this == SH ? "sh" : "bash";
        }
    }

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]*");

    public JobSpec {
        args = List.copyOf(args);
        env = Map.copyOf(env);
        if (!env.keySet().stream().allMatch(name -> NAME.matcher(name).matches())) {
            throw new IllegalArgumentException("not names of variables: " + env.keySet());
        }
        if (!OWNER.matcher(owner).matches()) {
            throw new IllegalArgumentException("not an owner: " + owner);
        }
    }

    public static JobSpec sh(String script, String owner, String... args) {
        return new JobSpec(script, List.of(args), Interpreter.SH, owner, Map.of());
    }

    public static JobSpec bash(String script, String owner, String... args) {
        return new JobSpec(script, List.of(args), Interpreter.BASH, owner, Map.of());
    }

    public JobSpec withEnv(Map<String, String> variables) {
        return new JobSpec(script, args, interpreter, owner, variables);
    }

    byte[] scriptBytes() {
        return script.getBytes(StandardCharsets.UTF_8);
    }

    List<String> assignments() {
        return new TreeMap<>(env)
                .entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    }
}
