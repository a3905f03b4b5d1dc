package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.ShellWords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a command is run as root. No password is ever a part of a command line. */
sealed interface Elevation {
    Piped ROOT = new Plain("");
    Piped SUDO = new Plain("sudo -n -- ");
    Piped DOAS = new Plain("doas -n -- ");

    /** The program takes nothing from a terminal: all that it and the command read comes through stdin. */
    sealed interface Piped extends Elevation {
        /** For the login shell. */
        String line(List<String> argv);

        /** Goes before the command's own input. */
        byte[] first();
    }

    /** Nothing is asked. */
    record Plain(String prefix) implements Piped {
        @Override
        public String line(List<String> argv) {
            return prefix + ShellWords.join(argv);
        }

        @Override
        public byte[] first() {
            return new byte[0];
        }
    }

    /**
     * {@code sudo} reads the password from stdin, one line and not a byte more. Where it does not want it after all, a
     * shell swallows everything up to a mark, so that the password never reaches the command.
     */
    record Fed(Secret password) implements Piped {
        private static final String MARK = "-- nixos-operator: what follows is for the command --";
        private static final String SWALLOW =
                "while IFS= read -r line && [ \"$line\" != \"$0\" ]; do :; done; unset line; exec \"$@\"";

        @Override
        public String line(List<String> argv) {
            List<String> words =
                    new ArrayList<>(List.of("sudo", "-k", "-S", "-p", "", "--", "sh", "-c", SWALLOW, MARK));
            words.addAll(argv);
            return ShellWords.join(words);
        }

        @Override
        public byte[] first() {
            return (password.utf8() + "\n" + MARK + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Because the program insists on a terminal; see {@link TerminalExchange}. */
    sealed interface OnTerminal extends Elevation {
        /**
         * @param run {@code terminal-run.sh} and its own arguments
         * @param argv the command
         */
        String line(List<String> run, List<String> argv);

        /** A terminal changes bytes unless it is told not to, before anything is sent. */
        static String raw(String line) {
            return "stty raw -echo -opost 2> /dev/null; exec " + line;
        }
    }

    /**
     * {@code sudo} with {@code requiretty} is content that there is a terminal. Its stdin is a pipe even so: what comes
     * over the terminal and is left unread keeps sudo 1.9 spinning for ever, in the end and when the connection is lost.
     */
    record Beside(Piped sudo) implements OnTerminal {
        @Override
        public String line(List<String> run, List<String> argv) {
            return OnTerminal.raw(ShellWords.join(run) + " " + sudo.line(argv));
        }
    }

    /** {@code doas} reads a password from the terminal only. */
    record Typed(@Nullable Secret password) implements OnTerminal {
        @Override
        public String line(List<String> run, List<String> argv) {
            List<String> words = new ArrayList<>(run);
            words.addAll(argv);
            return OnTerminal.raw("doas " + (password == null ? "-n " : "") + "-- " + ShellWords.join(words));
        }
    }
}
