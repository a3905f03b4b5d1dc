package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.Secret;
import dev.nixosoperator.remote.ShellWords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a command is run as root. No password is ever a part of a command line. */
sealed interface Elevation {
    Elevation ROOT = new Plain("");
    Elevation SUDO = new Plain("sudo -n -- ");
    Elevation DOAS = new Plain("doas -n -- ");

    /** Nothing is asked. */
    record Plain(String prefix) implements Elevation {
        String line(List<String> argv) {
            return prefix + ShellWords.join(argv);
        }
    }

    /**
     * {@code sudo} reads the password from stdin, one line and not a byte more. Where it does not want it after all, a
     * shell swallows everything up to a mark, so that the password never reaches the command.
     */
    record Fed(Secret password) implements Elevation {
        private static final String MARK = "-- nixos-operator: what follows is for the command --";
        private static final String SWALLOW =
                "while IFS= read -r line && [ \"$line\" != \"$0\" ]; do :; done; unset line; exec \"$@\"";

        String line(List<String> argv) {
            List<String> words =
                    new ArrayList<>(List.of("sudo", "-k", "-S", "-p", "", "--", "sh", "-c", SWALLOW, MARK));
            words.addAll(argv);
            return ShellWords.join(words);
        }

        byte[] lines() {
            return (password.utf8() + "\n" + MARK + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    /** On a terminal, because the program insists on one; see {@link TerminalExchange}. */
    record Typed(Program program, @Nullable Secret password) implements Elevation {
        enum Program {
            SUDO("sudo -k -p 'password: ' -- ", "sudo -n -- "),
            DOAS("doas -- ", "doas -n -- ");

            private final String asking;
            private final String silent;

            Program(String asking, String silent) {
                this.asking = asking;
                this.silent = silent;
            }
        }

        /** A terminal changes bytes unless it is told not to, before anything is sent. */
        String line(List<String> argv) {
            return "stty raw -echo -opost 2> /dev/null; exec "
                    + (password == null ? program.silent : program.asking)
                    + ShellWords.join(argv);
        }
    }
}
