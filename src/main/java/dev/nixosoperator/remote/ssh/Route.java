package dev.nixosoperator.remote.ssh;

import dev.nixosoperator.remote.ConnectResult.Refused;
import dev.nixosoperator.remote.HostKey;
import java.util.List;

/** How the TCP connection is made. */
sealed interface Route {
    record Straight() implements Route {}

    /** By a jump host; the route holds it until the session that came of it is closed. */
    record Over(Hops.Hop hop) implements Route {}

    record None(Refused why) implements Route {}

    static Route of(Hops.Passage passage) {
        return switch (passage) {
            case Hops.Through(Hops.Hop hop) -> new Over(hop);
            case Hops.Blocked(Refused why) -> new None(why);
        };
    }

    /** Of the jump hosts on it. */
    default List<HostKey> keys() {
        return switch (this) {
            case Over(Hops.Hop hop) -> hop.keys();
            case Straight straight -> List.of();
            case None none -> List.of();
        };
    }
}
