package dev.nixosoperator.remote;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Everything that a connection is opened with. Two that are equal lead to the same machine in the same way, so that one
 * connection serves both.
 *
 * @param login who we are there
 * @param check which host keys are accepted
 * @param jumpHosts passed on the way, in this order
 * @param privilege how the user becomes root
 */
public record Target(
        Endpoint endpoint,
        Login login,
        HostKeyCheck check,
        List<JumpHost> jumpHosts,
        Privilege privilege,
        ConnectOptions options) {
    public Target {
        jumpHosts = List.copyOf(jumpHosts);
    }

    /** The plain way: straight there, as root or as whoever becomes root without a password. */
    public static Target of(Endpoint endpoint, Login login, HostKeyCheck check, ConnectOptions options) {
        return new Target(endpoint, login, check, List.of(), Privilege.AUTO, options);
    }

    /** The same machine at another place. */
    public Target at(Endpoint other) {
        return new Target(other, login, check, jumpHosts, privilege, options);
    }

    /** The same place for somebody with another login, who becomes root in the same way. */
    public Target as(Login other) {
        return new Target(endpoint, other, check, jumpHosts, privilege, options);
    }

    public Target under(HostKeyCheck other) {
        return new Target(endpoint, login, other, jumpHosts, privilege, options);
    }

    public Target with(Privilege other) {
        return new Target(endpoint, login, check, jumpHosts, other, options);
    }

    public Target through(List<JumpHost> hops) {
        return new Target(endpoint, login, check, hops, privilege, options);
    }

    /** As the next connection is opened, once the jump hosts' keys that were seen are pinned. */
    public Target knowing(List<HostKey> keys) {
        return through(IntStream.range(0, jumpHosts.size())
                .mapToObj(i -> i < keys.size() ? jumpHosts.get(i).known(keys.get(i)) : jumpHosts.get(i))
                .toList());
    }
}
