package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.ConnectFailure;
import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.Endpoint;
import java.time.Duration;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.jspecify.annotations.Nullable;

/** Names what the network's exceptions mean. */
final class Failures {
    private Failures() {}

    static Refused tcp(Throwable thrown, Endpoint endpoint, Duration timeout) {
        String why = reason(thrown);
        if (why.contains("refused")) {
            return new Refused(
                    ConnectFailure.CONNECTION_REFUSED,
                    endpoint + " refuses connections: nothing listens on port " + endpoint.port()
                            + ". Check the port, and that sshd runs.",
                    null);
        }
        if (why.contains("unreachable") || why.contains("No route")) {
            return new Refused(
                    ConnectFailure.CONNECT_TIMEOUT,
                    "no way leads to " + endpoint + " (" + why + "). Check address, routes and firewall.",
                    null);
        }
        if (why.contains("timeout") || why.contains("timed out")) {
            return new Refused(
                    ConnectFailure.CONNECT_TIMEOUT,
                    "nobody answered at " + endpoint + " in " + seconds(timeout)
                            + ". Is the machine on, and does a firewall let us through?",
                    null);
        }
        return new Refused(
                ConnectFailure.CONNECTION_LOST,
                "the connection to " + endpoint + " ended at once (" + words(why) + ") Is it an SSH server?",
                null);
    }

    /** What a jump host says of the machine behind it; sshd passes on the words of the system. */
    static Refused behind(Throwable thrown, Hops.Hop hop, Endpoint endpoint, Patience patience) {
        String why = reason(thrown);
        String told = "jump host " + hop.name() + " does not reach " + endpoint + ": " + words(why);
        if (isProhibited(thrown)) {
            return new Refused(
                    ConnectFailure.JUMP_HOST_UNREACHABLE,
                    told + " Allow it there (AllowTcpForwarding, PermitOpen, restrictions of the key).",
                    null);
        }
        if (!hop.session().isOpen()) {
            return new Refused(ConnectFailure.JUMP_HOST_UNREACHABLE, told + " Its connection ended.", null);
        }
        if (why.contains("refused")) {
            return new Refused(
                    ConnectFailure.CONNECTION_REFUSED, told + " Check the port, and that sshd runs there.", null);
        }
        return new Refused(
                why.contains("not known") || why.contains("resolve")
                        ? ConnectFailure.DNS_FAILED
                        : ConnectFailure.CONNECT_TIMEOUT,
                told + " Is the machine on, and does the jump host see it (" + patience.words() + ")?",
                null);
    }

    /** By its code, for the words differ from server to server. */
    private static boolean isProhibited(Throwable thrown) {
        for (@Nullable Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SshChannelOpenException refusal
                    && refusal.getReasonCode() == SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED) {
                return true;
            }
        }
        return false;
    }

    /** The innermost message, cut, as one sentence. */
    static String words(String text) {
        String line = text.strip().replace('\n', ' ');
        String cut = line.length() > 300 ? line.substring(0, 300) + "…" : line;
        return cut.isEmpty() || cut.endsWith(".") ? cut : cut + ".";
    }

    static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() / 1000.0 + " s";
    }

    private static String reason(Throwable thrown) {
        StringBuilder all = new StringBuilder();
        for (@Nullable Throwable t = thrown; t != null && all.length() < 1000; t = t.getCause()) {
            all.append(all.isEmpty() ? "" : ": ").append(t.getMessage());
        }
        return all.toString();
    }
}
