package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One machine, one owner: objects that lead to the same machine are found by address, firmware UUID and host key, and
 * the older object has it.
 */
final class Claims {
    /** UUIDs that firmware ships by the thousand say nothing. */
    private static final Set<String> MEANINGLESS = Set.of(
            "",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "03000200-0400-0500-0006-000700080009",
            "12345678-1234-5678-90ab-cddeefaabbcc");

    private final Function<String, ? extends Collection<NixosMachine>> byTrait;

    /** @param byTrait machines of the cache that have a trait of {@link #traits} */
    Claims(Function<String, ? extends Collection<NixosMachine>> byTrait) {
        this.byTrait = byTrait;
    }

    /** @return {@code namespace/name} of an older live object for the same machine */
    @Nullable
    String older(NixosMachine machine) {
        return traits(machine).stream()
                .flatMap(trait -> byTrait.apply(trait).stream())
                .filter(other -> !uid(other).equals(uid(machine)))
                .filter(other -> other.getMetadata().getDeletionTimestamp() == null)
                .filter(other -> isSame(machine, other))
                .filter(other -> AGE.compare(other, machine) < 0)
                .min(AGE)
                .map(Claims::path)
                .orElse(null);
    }

    /** What a machine is found by, for the cache's index. */
    static List<String> traits(NixosMachine machine) {
        List<String> traits = new ArrayList<>();
        traits.add("at " + address(machine));
        dmi(machine).ifPresent(uuid -> traits.add("dmi " + uuid));
        hostKeys(machine).forEach(key -> traits.add("key " + key));
        return traits;
    }

    /** Machines cloned from one image share their host keys: different firmware or addresses behind one key are two machines. */
    private static boolean isSame(NixosMachine one, NixosMachine other) {
        Optional<String> mine = dmi(one);
        Optional<String> theirs = dmi(other);
        if (address(one).equals(address(other))) {
            return true;
        }
        if (mine.isPresent() && theirs.isPresent()) {
            return mine.equals(theirs);
        }
        return hostKeys(one).anyMatch(key -> hostKeys(other).anyMatch(key::equals));
    }

    private static final Comparator<NixosMachine> AGE = Comparator.comparing((NixosMachine machine) ->
                    Objects.requireNonNullElse(meta(machine).getCreationTimestamp(), ""))
            .thenComparing(Claims::uid);

    private static Optional<String> dmi(NixosMachine machine) {
        return identity(machine)
                .map(Identity::dmiUuid)
                .map(uuid -> uuid.toLowerCase(Locale.ROOT))
                .filter(uuid -> !MEANINGLESS.contains(uuid));
    }

    private static Stream<String> hostKeys(NixosMachine machine) {
        return identity(machine).stream().flatMap(identity -> identity.hostKeys().stream());
    }

    private static Optional<Identity> identity(NixosMachine machine) {
        return Optional.ofNullable(machine.getStatus()).map(status -> status.identity());
    }

    private static String address(NixosMachine machine) {
        return machine.getSpec().connection().host().toLowerCase(Locale.ROOT) + " port "
                + machine.getSpec().connection().port();
    }

    private static String path(NixosMachine machine) {
        return meta(machine).getNamespace() + "/" + meta(machine).getName();
    }

    private static String uid(NixosMachine machine) {
        return meta(machine).getUid();
    }

    private static ObjectMeta meta(NixosMachine machine) {
        return machine.getMetadata();
    }
}
