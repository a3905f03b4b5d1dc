package dev.nixosoperator.bench;

import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.Dialogue;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Stdin;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A machine that answers from rules, records every command, keeps written files and models detached jobs. It stays the
 * same machine when the connection drops and is opened again (see {@link ScriptedConnector}).
 *
 * <pre>{@code
 * ScriptedHost host = new ScriptedHost();
 * host.whenScript("facts.sh").exits(0, "{}");
 * host.whenProgram("reboot").does(call -> new CommandResult.Lost("gone"));
 * host.jobs().plan("disks").exits(0, "formatted\n").afterLooks(2);
 * host.breakAt(3, Break.ANSWER_LOST);
 * }</pre>
 *
 * A command without a rule is a failure of the test.
 */
public final class ScriptedHost implements RemoteHost {
    /** A command that arrived, with all of its stdin, or who wants to speak with it. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Call(List<String> argv, byte[] stdin, @Nullable Dialogue dialogue) {
        /** The resource script's name, null for a plain program. */
        public @Nullable String script() {
            return argv.size() > 3 && argv.get(0).equals("sh") && argv.get(1).equals("-c") ? argv.get(3) : null;
        }

        /** Arguments of the script or program. */
        public List<String> args() {
            return argv.subList(script() == null ? 1 : 4, argv.size());
        }

        public String stdinText() {
            return new String(stdin, StandardCharsets.UTF_8);
        }

        /** Script or program and arguments, for assertions: {@code job.sh start op disks}. */
        @Override
        public String toString() {
            String script = script();
            return (script == null ? argv.getFirst() : script) + " " + String.join(" ", args());
        }
    }

    /** A file that arrived whole. */
    @SuppressWarnings("ArrayRecordComponent")
    public record WrittenFile(String mode, String owner, byte[] content) {
        public String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    /** What to answer to the commands it is for; the rule defined last wins. */
    public static final class Rule {
        private final Predicate<Call> matches;
        private Function<Call, CommandResult> answer = call -> new CommandResult.Exited(0, "", "");

        private Rule(Predicate<Call> matches) {
            this.matches = matches;
        }

        public void exits(int code, String out) {
            returns(new CommandResult.Exited(code, out, ""));
        }

        public void fails(int code, String err) {
            returns(new CommandResult.Exited(code, "", err));
        }

        public void returns(CommandResult result) {
            answer = call -> result;
        }

        public void does(Function<Call, CommandResult> effect) {
            answer = effect;
        }
    }

    private final List<Rule> rules = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final Map<String, WrittenFile> files = new LinkedHashMap<>();
    private final ScriptedJobs jobs = new ScriptedJobs();
    private boolean open = true;
    private boolean recording = true;
    private int breakAt;
    private Break how = Break.ANSWER_LOST;

    public synchronized Rule when(Predicate<Call> matches) {
        Rule rule = new Rule(matches);
        rules.addFirst(rule);
        return rule;
    }

    /** For a resource script, by name: {@code facts.sh}. */
    public Rule whenScript(String name) {
        return when(call -> name.equals(call.script()));
    }

    /** For a program with these first arguments. */
    public Rule whenProgram(String... argv) {
        List<String> start = List.of(argv);
        return when(call -> call.argv().size() >= start.size()
                && call.argv().subList(0, start.size()).equals(start));
    }

    /** What becomes of one command. */
    @FunctionalInterface
    public interface Break {
        /** It does its work, its answer is lost. */
        Break ANSWER_LOST = (call, work) ->
                new CommandResult.Lost("nobody heard: " + work.get().summary());

        /** It never reaches the machine. */
        Break NEVER_ARRIVED = (call, work) -> new CommandResult.Lost("dropped before the command");

        /** @param work carries the command out */
        CommandResult of(Call call, Supplier<CommandResult> work);
    }

    /** The nth command from now (1: the next) goes this way; where its answer is lost the connection closes. */
    public synchronized void breakAt(int nth, Break how) {
        this.breakAt = nth;
        this.how = how;
    }

    public ScriptedJobs jobs() {
        return jobs;
    }

    /** Files that {@link dev.nixosoperator.remote.Files} wrote, by path. */
    public synchronized Map<String, WrittenFile> files() {
        return new LinkedHashMap<>(files);
    }

    /** Every command in the order of arrival, those that were lost included. */
    public synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    public List<Call> calls(String scriptOrProgram) {
        return calls().stream()
                .filter(call -> scriptOrProgram.equals(
                        call.script() == null ? call.argv().getFirst() : call.script()))
                .toList();
    }

    /** For a long life: no command and no job is kept. */
    synchronized void recordsNothing() {
        recording = false;
        jobs.recordsNothing();
    }

    public synchronized void forgetCalls() {
        calls.clear();
    }

    @Override
    public synchronized CommandResult run(Command command) {
        if (!open) {
            return new CommandResult.Lost("the connection is closed");
        }
        CommandResult result = arrived(command);
        open = result.ended();
        return result;
    }

    private synchronized CommandResult arrived(Command command) {
        Call call = new Call(command.argv(), read(command.stdin()), command.dialogue());
        if (recording) {
            calls.add(call);
        }
        boolean breaks = breakAt > 0 && --breakAt == 0;
        return breaks ? how.of(call, () -> answer(call)) : answer(call);
    }

    /** One more connection to the same machine, which opens and breaks by itself. */
    RemoteHost session() {
        return new Session();
    }

    private final class Session implements RemoteHost {
        private volatile boolean open = true;

        @Override
        public CommandResult run(Command command) {
            CommandResult result = open ? arrived(command) : new CommandResult.Lost("the connection is closed");
            open = result.ended();
            return result;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }
    }

    @Override
    public synchronized boolean isOpen() {
        return open;
    }

    @Override
    public synchronized void close() {
        open = false;
    }

    synchronized void open() {
        open = true;
    }

    private CommandResult answer(Call call) {
        for (Rule rule : rules) {
            if (rule.matches.test(call)) {
                return rule.answer.apply(call);
            }
        }
        if ("job.sh".equals(call.script())) {
            return jobs.answer(call);
        }
        if ("write-file.sh".equals(call.script())) {
            List<String> args = call.args();
            files.put(args.get(0), new WrittenFile(args.get(1), args.get(2), call.stdin()));
            return new CommandResult.Exited(0, "", "");
        }
        throw new AssertionError("ScriptedHost has no rule for: " + call);
    }

    private static byte[] read(@Nullable Stdin stdin) {
        if (stdin == null) {
            return new byte[0];
        }
        try (InputStream in = stdin.open()) {
            byte[] content = in.readAllBytes();
            stdin.progress().accept(content.length);
            return content;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
