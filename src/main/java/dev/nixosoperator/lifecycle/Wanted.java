package dev.nixosoperator.lifecycle;

import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.SystemSource;
import org.jspecify.annotations.Nullable;

/** The system that a spec asks for. The path of one that comes from a flake is known once that is built. */
public final class Wanted {
    private Wanted() {}

    /** The path, where the spec itself has it. */
    static @Nullable String path(SystemSource system) {
        return system.storePath() == null ? null : system.storePath().toplevel();
    }

    static @Nullable FlakeSource flake(SystemSource system) {
        return system.flake() == null ? null : FlakeSource.of(system.flake());
    }

    static boolean isOf(SystemSource system, Operation operation) {
        return isOf(system, operation.toplevel(), operation.builtFrom());
    }

    private static boolean isOf(SystemSource system, @Nullable String toplevel, @Nullable FlakeSource builtFrom) {
        return system.flake() == null
                ? builtFrom == null && toplevel != null && toplevel.equals(path(system))
                : builtFrom != null && builtFrom.isOf(system.flake());
    }

    /** The flake that the wanted system is being built from, or was; null where it is none, or nothing was built yet. */
    static @Nullable FlakeSource source(SystemSource system, Memory memory) {
        Operation operation = memory.operation();
        InstallRecord install = memory.install();
        if (operation != null && isOf(system, operation)) {
            return operation.builtFrom();
        }
        return install != null && isOf(system, install.toplevel(), install.builtFrom()) ? install.builtFrom() : null;
    }

    /** The path as far as it is known. */
    public static @Nullable String toplevel(SystemSource system, Memory memory) {
        if (system.flake() == null) {
            return path(system);
        }
        Operation operation = memory.operation();
        InstallRecord install = memory.install();
        if (operation != null && isOf(system, operation)) {
            return operation.toplevel();
        }
        return install != null && isOf(system, install.toplevel(), install.builtFrom()) ? install.toplevel() : null;
    }

    /** The step that brings it onto the disks. */
    static Step bringing(SystemSource system) {
        return system.flake() == null ? Step.Copy : Step.Build;
    }
}
