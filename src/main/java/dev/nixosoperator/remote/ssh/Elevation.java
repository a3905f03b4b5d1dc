package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.CommandResult.Exited;
import dev.nixosoperator.remote.ShellWords;
import java.util.List;
import java.util.Optional;

/** How the login user becomes root. */
enum Elevation {
    ROOT(""),
    SUDO("sudo -n -- "),
    DOAS("doas -n -- ");

    /** Prints one of the names; where none works the words of sudo and doas are on stderr. */
    static final List<String> PROBE = List.of(
            "sh",
            "-c",
            """
            if [ "$(id -u)" = 0 ]; then echo ROOT
            elif sudo -n -- true; then echo SUDO
            elif command -v doas > /dev/null && doas -n -- true; then echo DOAS
            else exit 77; fi""");

    private final String prefix;

    Elevation(String prefix) {
        this.prefix = prefix;
    }

    /** The name on the last line, for the profile of a login shell may print something before it. */
    static Optional<Elevation> parse(CommandResult probe) {
        return probe instanceof Exited(int code, String out, String err) && code == 0
                ? out.lines().reduce((first, last) -> last).flatMap(Elevation::byName)
                : Optional.empty();
    }

    private static Optional<Elevation> byName(String name) {
        return List.of(values()).stream().filter(e -> e.name().equals(name)).findFirst();
    }

    /** The argv as the line that the login shell reads. */
    String line(List<String> argv) {
        return prefix + ShellWords.join(argv);
    }
}
