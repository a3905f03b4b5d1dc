package dev.nixosoperator.phase;

import dev.nixosoperator.nix.StorePath;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.RemoteHost;
import java.util.List;

/** What the machine says of a build, on its own disk: what {@code build.sh} was given and what came of it. */
sealed interface BuiltSystem {
    String FILE = "/mnt/nix/var/nixos-operator/built";

    /** It is whole in the store under /mnt. */
    record At(StorePath toplevel) implements BuiltSystem {}

    /** Nothing yet, or only what somebody wanted before. */
    record None() implements BuiltSystem {}

    record Unheard(String why) implements BuiltSystem {}

    /** Only what was built from exactly this counts: another revision, or another attribute, is another system. */
    static BuiltSystem of(RemoteHost host, String installable) {
        CommandResult read = host.run(Command.of("cat", FILE));
        if (!(read instanceof CommandResult.Exited exited)) {
            return new Unheard(read.summary());
        }
        List<String> lines = exited.out().lines().toList();
        if (exited.code() != 0 || lines.size() != 2 || !lines.getFirst().equals(installable)) {
            return new None();
        }
        return StorePath.parse(lines.getLast()).map(path -> at(host, path)).orElseGet(None::new);
    }

    private static BuiltSystem at(RemoteHost host, StorePath path) {
        CommandResult valid = Closure.valid(host, Closure.TARGET, path);
        if (!valid.ended()) {
            return new Unheard(valid.summary());
        }
        return valid.ok() ? new At(path) : new None();
    }
}
