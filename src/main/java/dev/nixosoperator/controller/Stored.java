package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.Connection;
import dev.nixosoperator.api.v1alpha1.DiskLayout;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.SystemSource;
import java.util.Objects;
import java.util.stream.Stream;

/** Whether an object carries what the schema demands: one that was stored under another schema may not. */
final class Stored {
    private Stored() {}

    static boolean isReadable(NixosMachine machine) {
        NixosMachineSpec spec = machine.getSpec();
        if (spec == null) {
            return false;
        }
        Connection connection = spec.connection();
        return Stream.of(connection, spec.system()).allMatch(Objects::nonNull)
                && Stream.of(connection.host(), connection.credentialsSecretRef())
                        .allMatch(Objects::nonNull)
                && connection.credentialsSecretRef().name() != null
                && isReadable(spec.system())
                && (spec.diskLayoutRef() == null || spec.diskLayoutRef().name() != null);
    }

    private static boolean isReadable(SystemSource system) {
        SystemSource.StorePath path = system.storePath();
        SystemSource.Flake flake = system.flake();
        return flake == null
                ? path != null && path.toplevel() != null
                : path == null && flake.ref() != null && flake.attribute() != null;
    }

    static boolean isReadable(DiskLayout layout) {
        return layout.getSpec() != null && layout.getSpec().devices() != null;
    }
}
