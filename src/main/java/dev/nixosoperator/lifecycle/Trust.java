package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.Failure;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.Identity.Presented;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.lifecycle.StepOutcome.Seen;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which host keys are believed: the first one seen, then those of the installed system, and one that a person accepts. */
final class Trust {
    private Trust() {}

    static Identity learned(Identity known, Seen seen) {
        Identity before = known.withJumpHosts(passed(known.jumpHosts(), seen.jumpHosts()));
        if (seen.refused() != null) {
            return withPresented(before, seen.refused());
        }
        return seen.hostKey() == null ? before : withPresented(pinned(before, seen.hostKey()), null);
    }

    /** The first key of a jump host is the key from then on, too. */
    private static List<Identity.JumpHost> passed(List<Identity.JumpHost> known, List<Identity.JumpHost> seen) {
        Stream<Identity.JumpHost> further = seen.stream()
                .filter(hop -> known.stream().noneMatch(old -> old.host().equals(hop.host())));
        return Stream.concat(known.stream(), further).toList();
    }

    /** The first key seen is the key from then on; a later one never replaces it here. */
    private static Identity pinned(Identity before, String hostKey) {
        return before.hostKeys().isEmpty() ? withKeys(before, List.of(hostKey), before.expectedHostKeys()) : before;
    }

    /** What the installed system will present is known before it boots. */
    static Identity expecting(Identity before, List<String> keys) {
        return copy(before, before.hostKeys(), keys, before.presented(), before.acceptedHostKey());
    }

    /** After the proof only the keys of the installed system are good. */
    static Memory proven(Memory memory, Step last) {
        Identity identity = memory.identity();
        if (last != Step.Verify
                || identity == null
                || identity.expectedHostKeys().isEmpty()) {
            return memory;
        }
        return memory.withIdentity(withKeys(identity, identity.expectedHostKeys(), identity.expectedHostKeys()));
    }

    /** A person names the key that is refused: it takes the place of the pinned one, and what it stopped is tried anew. */
    static Memory accepted(MachineView view, Memory memory) {
        Identity identity = memory.identity();
        String named = view.requests().acceptHostKey();
        if (identity == null) {
            return memory;
        }
        if (Objects.equals(named, identity.acceptedHostKey())) {
            return memory; // obeyed already, or never asked
        }
        Presented key = named(identity.presented(), named);
        Failure failure = memory.failure();
        if (key == null || failure == null || failure.reason() != Reason.HostKeyMismatch) {
            return memory.withIdentity(withEcho(identity, null));
        }
        List<String> expected = awaitsAnotherSystem(memory.operation()) ? identity.expectedHostKeys() : List.of();
        Identity trusting = withPresented(withKeys(identity, List.of(key.key()), expected), null);
        return memory.withIdentity(withEcho(trusting, named)).withFailure(Failures.outdated(failure));
    }

    /** The key that is refused now, where it is the one that was named and the spec does not say which are good. */
    private static @Nullable Presented named(@Nullable Presented refused, @Nullable String fingerprint) {
        return refused != null && refused.acceptable() && refused.fingerprint().equals(fingerprint) ? refused : null;
    }

    /**
     * Whether what answers now is not yet the system whose keys are expected. Else the accepted key stands in their
     * place: they are those of an earlier installation, or not what the installed system shows.
     */
    private static boolean awaitsAnotherSystem(@Nullable Operation operation) {
        return operation != null
                && switch (operation.step()) {
                    case Install, Reboot -> true;
                    case Preflight, Plan, Kexec, Gate, Disks, Copy, Build, Files, Verify, Observe -> false;
                };
    }

    private static Identity withKeys(Identity identity, List<String> hostKeys, List<String> expected) {
        return copy(identity, hostKeys, expected, identity.presented(), identity.acceptedHostKey());
    }

    private static Identity withPresented(Identity identity, @Nullable Presented presented) {
        return copy(identity, identity.hostKeys(), identity.expectedHostKeys(), presented, identity.acceptedHostKey());
    }

    private static Identity withEcho(Identity identity, @Nullable String accepted) {
        return copy(identity, identity.hostKeys(), identity.expectedHostKeys(), identity.presented(), accepted);
    }

    private static Identity copy(
            Identity identity,
            List<String> hostKeys,
            List<String> expected,
            @Nullable Presented presented,
            @Nullable String accepted) {
        return new Identity(
                identity.machineId(),
                identity.bootId(),
                identity.dmiUuid(),
                hostKeys,
                expected,
                HostKeys.fingerprints(hostKeys),
                presented,
                accepted,
                identity.jumpHosts());
    }
}
