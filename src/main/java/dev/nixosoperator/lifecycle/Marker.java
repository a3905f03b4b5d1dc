package dev.nixosoperator.lifecycle;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.nixosoperator.api.v1alpha1.FlakeSource;
import org.jspecify.annotations.Nullable;

/**
 * What the machine itself says of an installation: {@code /nix/var/nixos-operator/machine.json} on the filesystem that
 * holds the store, and {@code /run/nixos-operator/machine.json} in the installer's tmpfs while the work goes on. The
 * proof of what was done; status is only a cache of it.
 *
 * @param uid of the NixosMachine that wrote it
 * @param operation id of the operation
 * @param builtFrom the flake that the system is built from; null: it was built already
 * @param time RFC 3339, of the last change
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Marker(
        String uid,
        String namespace,
        String name,
        String operation,
        String planHash,
        @Nullable String layoutHash,
        @Nullable String reinstallToken,
        @Nullable String dmiUuid,
        State state,
        @Nullable String toplevel,
        @Nullable FlakeSource builtFrom,
        String time) {

    /** How far the work on the disks got. */
    public enum State {
        FORMAT_STARTED,
        FORMAT_DONE,
        INSTALLED
    }

    public boolean isOf(MachineId machine) {
        return uid.equals(machine.uid());
    }

    /** The same object, or one re-created under the same name. */
    public boolean names(MachineId machine) {
        return namespace.equals(machine.namespace()) && name.equals(machine.name());
    }
}
