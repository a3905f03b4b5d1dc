package dev.nixosoperator.remote.ssh;

import static dev.nixosoperator.remote.ConnectFailure.CONNECT_TIMEOUT;
import static dev.nixosoperator.remote.ConnectFailure.PRIVILEGE_DENIED;

import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.CommandResult.Exited;
import dev.nixosoperator.remote.ConnectResult;
import dev.nixosoperator.remote.ConnectResult.Connected;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.Privilege;
import dev.nixosoperator.remote.Script;
import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/** The last part of getting in: becoming root. */
final class Elevating {
    private static final Script PRIVILEGE = Script.load("privilege.sh");

    private final ClientSession session;
    private final Endpoint endpoint;
    private final Privilege.Method method;
    private final @Nullable Secret password;
    private final Attempt attempt;
    private final Deadlines deadlines;
    private final Patience patience;
    private final List<String> said = new ArrayList<>();

    Elevating(ClientSession session, Target target, Attempt attempt, Deadlines deadlines, Patience patience) {
        this.session = session;
        this.endpoint = target.endpoint();
        this.method = target.privilege().method();
        Secret given = target.privilege().password();
        this.password = given == null ? null : given.withoutLineEnd();
        this.attempt = attempt;
        this.deadlines = deadlines;
        this.patience = patience;
    }

    /** Owns the session: it is closed unless it became a connection. */
    ConnectResult become() {
        ConnectResult result =
                switch (host(Elevation.ROOT).run(look())) {
                    case Exited(int code, String out, String err) -> {
                        said.add(err);
                        yield become(lastLine(out));
                    }
                    case CommandResult.Signalled(String signal, String out, String err) ->
                        refused("the login shell was killed by signal " + signal + ".");
                    case CommandResult.Lost lost -> attempt.lost(endpoint.toString(), "after the login");
                    case CommandResult.TimedOut after -> late();
                };
        if (!(result instanceof Connected)) {
            session.close(true);
        }
        return result;
    }

    private Command look() {
        Command command = Command.script(PRIVILEGE, method.name(), password == null ? "no" : "yes")
                .withTimeout(patience.left());
        return password == null
                ? command
                : command.withStdin((password.utf8() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private ConnectResult become(List<String> answer) {
        String word = answer.getFirst();
        if (word.equals("FED") && password != null) {
            return connected(new Elevation.Fed(password));
        }
        return switch (word) {
            case "ROOT" -> connected(Elevation.ROOT);
            case "SUDO" -> connected(Elevation.SUDO);
            case "DOAS" -> connected(Elevation.DOAS);
            case "ASK" -> ask(answer.subList(1, answer.size()));
            default -> denied();
        };
    }

    private ConnectResult ask(List<String> programs) {
        for (String name : programs) {
            Elevation there = onTerminal(name);
            switch (host(there).run(Command.of("true").withTimeout(patience.left()))) {
                case Exited(int code, String out, String err)
                when code == 0 -> {
                    return connected(there);
                }
                case Exited(int code, String out, String err) -> said.add(err);
                case CommandResult.Signalled(String signal, String out, String err) -> said.add(err);
                case CommandResult.Lost lost -> {
                    return attempt.lost(endpoint.toString(), "while becoming root");
                }
                case CommandResult.TimedOut after -> {
                    return late();
                }
            }
        }
        return denied();
    }

    private Elevation.OnTerminal onTerminal(String program) {
        return switch (program) {
            case "SUDO" -> new Elevation.Beside(password == null ? Elevation.SUDO : new Elevation.Fed(password));
            case "DOAS" -> new Elevation.Typed(password);
            default -> throw new IllegalArgumentException(program);
        };
    }

    private SshHost host(Elevation elevation) {
        return new SshHost(session, attempt, deadlines, elevation);
    }

    private Connected connected(Elevation elevation) {
        return new Connected(host(elevation), Objects.requireNonNull(attempt.presented()));
    }

    private Refused denied() {
        return refused("the user cannot become root: "
                + Failures.words(String.join("\n", said).strip()) + " " + advice());
    }

    private String advice() {
        if (method == Privilege.Method.NONE) {
            return "Log in as root, or let spec.connection.privilege.method be Auto.";
        }
        return password == null
                ? "Log in as root, allow sudo or doas without a password (NOPASSWD: ALL; nopass), or give the"
                        + " password with spec.connection.privilege.passwordSecretKeyRef."
                : "Correct the password in the Secret of spec.connection.privilege.passwordSecretKeyRef, or allow"
                        + " the user sudo or doas.";
    }

    private Refused refused(String why) {
        return attempt.refused(PRIVILEGE_DENIED, "logged in as " + endpoint + ", but " + why);
    }

    private Refused late() {
        return attempt.refused(
                CONNECT_TIMEOUT,
                endpoint + " let us in, but the first command had no end in " + patience.words() + ".");
    }

    /** For the profile of a login shell may print something before it. */
    private static List<String> lastLine(String out) {
        String line = out.lines().reduce((first, last) -> last).orElse("");
        return List.of(line.strip().split(" +", -1));
    }
}
