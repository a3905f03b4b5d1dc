package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.phase.MachineInputs.Hop;
import dev.nixosoperator.phase.MachineInputs.Way;
import dev.nixosoperator.remote.Endpoint;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.HostKeyCheck;
import dev.nixosoperator.remote.JumpHost;
import dev.nixosoperator.remote.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Jump hosts and the keys that are demanded of them: given ones, else the one that was seen first. */
final class JumpHosts {
    private JumpHosts() {}

    static List<JumpHost> of(Way way, @Nullable Identity identity) {
        List<Identity.JumpHost> pinned = identity == null ? List.of() : identity.jumpHosts();
        return way.jumpHosts().stream()
                .map(hop -> new JumpHost(hop.endpoint(), hop.login(), check(hop, pinned)))
                .toList();
    }

    /** As for the machine itself, no password is told to a host that nobody vouched for. */
    private static HostKeyCheck check(Hop hop, List<Identity.JumpHost> pinned) {
        Set<HostKey> keys = new HashSet<>(hop.known().keys());
        List<String> stored = pinned.stream()
                .filter(known -> known.host().equals(name(hop.endpoint())))
                .flatMap(known -> known.hostKeys().stream())
                .toList();
        if (!hop.givesKeys()) {
            stored.stream().map(HostKey::parse).flatMap(Optional::stream).forEach(keys::add);
        }
        // stored, and none of them can be read: that is no first use
        return hop.known().check(keys, !stored.isEmpty() || hop.strict() || hop.tellsASecret());
    }

    /** What status remembers of those that let us pass. */
    static List<Identity.JumpHost> passed(Target target, List<HostKey> keys) {
        return IntStream.range(0, Math.min(keys.size(), target.jumpHosts().size()))
                .mapToObj(i -> new Identity.JumpHost(
                        name(target.jumpHosts().get(i).endpoint()),
                        List.of(keys.get(i).openSsh())))
                .toList();
    }

    private static String name(Endpoint endpoint) {
        return endpoint.host() + ":" + endpoint.port();
    }
}
