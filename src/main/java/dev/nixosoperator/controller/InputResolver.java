package dev.nixosoperator.controller;

import com.fasterxml.jackson.databind.JsonNode;
import dev.nixosoperator.api.v1alpha1.Connection;
import dev.nixosoperator.api.v1alpha1.DiskLayout;
import dev.nixosoperator.api.v1alpha1.DiskLayoutSpec.ChangePolicy;
import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.api.v1alpha1.LocalRef;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec.ManagementPolicy;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.api.v1alpha1.SystemSource;
import dev.nixosoperator.hash.Sha256;
import dev.nixosoperator.lifecycle.MachineView.Inputs;
import dev.nixosoperator.phase.FlakeBuild;
import dev.nixosoperator.phase.MachineInputs;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a spec refers to. Something missing or wrong is a value that names it; with several problems the first one
 * is told.
 */
final class InputResolver {
    private final ObjectReader objects;
    private final Function<ResourceID, Optional<DiskLayout>> layouts;
    private final MachineKeys keys;
    private final LayoutChecks checks = new LayoutChecks();

    InputResolver(ObjectReader objects, Function<ResourceID, Optional<DiskLayout>> layouts, MachineKeys keys) {
        this.objects = objects;
        this.layouts = layouts;
        this.keys = keys;
    }

    /** @param values null exactly when {@code inputs} is unresolved */
    record Resolution(Inputs inputs, @Nullable MachineInputs values) {}

    Resolution resolve(NixosMachine machine) {
        NixosMachineSpec spec = machine.getSpec();
        String namespace = machine.getMetadata().getNamespace();
        Reading reading = new Reading(objects, namespace);
        JsonNode devices = null;
        ChangePolicy changePolicy = ChangePolicy.ReportDrift;
        String layoutHash = null;
        if (spec.diskLayoutRef() != null) {
            DiskLayout layout = layout(namespace, spec.diskLayoutRef(), reading);
            devices = layout == null ? null : layout.getSpec().devices();
            changePolicy = layout == null ? changePolicy : layout.getSpec().changePolicy();
            layoutHash = devices == null ? null : hash(namespace, spec.diskLayoutRef(), devices, reading);
        }
        SystemSource.Flake flake = spec.system().flake();
        if (flake != null) {
            FlakeBuild.problem(flake).ifPresent(why -> reading.fail(Reason.FlakeInvalid, "spec.system.flake." + why));
        }
        Connection connection = spec.connection();
        Install install = spec.install();
        // Where nothing is installed no Secret is read but those that let us in.
        boolean installs = spec.managementPolicy() == ManagementPolicy.Managed;
        Ways ways = Ways.of(connection, reading);
        MachineInputs values = new MachineInputs(
                ways.initial(),
                ways.installer(),
                ways.installed(),
                devices,
                changePolicy,
                installs ? InstalledFiles.encryptionKeys(install, reading) : Map.of(),
                installs ? InstalledFiles.extraFiles(install, reading) : List.of(),
                installs ? InstalledFiles.hostKeys(install, reading) : Map.of(),
                keys.known(machine, ways.initial().login(), reading));
        Inputs.Unresolved problem = reading.problem();
        return problem != null
                ? new Resolution(problem, null)
                : new Resolution(digests(machine, layoutHash, reading), values);
    }

    private @Nullable DiskLayout layout(String namespace, LocalRef ref, Reading reading) {
        ResourceID id = new ResourceID(ref.name(), namespace);
        Optional<DiskLayout> layout = layouts.apply(id).filter(found -> found.getSpec() != null);
        if (layout.isEmpty()) {
            checks.forget(id);
            reading.fail(
                    Reason.DiskLayoutNotFound,
                    "spec.diskLayoutRef: there is no DiskLayout %s in this namespace".formatted(ref.name()));
        }
        return layout.orElse(null);
    }

    private @Nullable String hash(String namespace, LocalRef ref, JsonNode devices, Reading reading) {
        LayoutCheck check = checks.of(new ResourceID(ref.name(), namespace), devices);
        if (check.hash() == null) {
            reading.fail(Reason.DiskLayoutInvalid, "DiskLayout %s: %s".formatted(ref.name(), check.problem()));
        }
        return check.hash();
    }

    private static Inputs digests(NixosMachine machine, @Nullable String layoutHash, Reading reading) {
        NixosMachineSpec spec = machine.getSpec();
        String work = Sha256.name(List.of(
                layoutHash == null ? "" : layoutHash,
                spec.disks(),
                spec.install().diskMode()));
        List<Object> all = new ArrayList<>(List.of(machine.getMetadata().getGeneration(), work));
        all.addAll(new TreeSet<>(reading.versions()));
        return new Inputs.Resolved(layoutHash, work, Sha256.name(all));
    }
}
