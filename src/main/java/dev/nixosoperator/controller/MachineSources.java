package dev.nixosoperator.controller;

import dev.nixosoperator.api.v1alpha1.DiskLayout;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.lifecycle.MachineId;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where events of machines come from, and the caches and indexes that come with them. */
final class MachineSources {
    private static final String BY_LAYOUT = "layout";
    private static final String BY_SECRET = "secret";
    private static final String BY_CONFIG_MAP = "configmap";
    private static final String BY_TRAIT = "trait";

    private final KubernetesClient client;
    private final MetadataOnly metadata;
    private final SimpleInboundEventSource<NixosMachine> stepEnded = new SimpleInboundEventSource<>("step-ended");
    private final Owners owners;
    private @Nullable InputResolver inputs;
    private @Nullable Claims claims;
    private @Nullable KnownHosts knownHosts;
    private @Nullable MachineKeys machineKeys;

    MachineSources(KubernetesClient client, MetadataOnly metadata) {
        this.client = client;
        this.metadata = metadata;
        this.owners = new Owners(client);
    }

    List<EventSource<?, NixosMachine>> prepare(EventSourceContext<NixosMachine> context) {
        IndexerResourceCache<NixosMachine> machines = context.getPrimaryCache();
        machines.addIndexer(BY_LAYOUT, indexed(machine -> Stream.ofNullable(
                        machine.getSpec().diskLayoutRef())
                .map(ref -> path(machine, ref.name()))));
        machines.addIndexer(BY_SECRET, indexed(machine -> Stream.concat(
                        References.of(machine.getSpec()).secrets().stream(), Stream.of(MachineKeys.name(machine)))
                .map(name -> path(machine, name))));
        machines.addIndexer(BY_CONFIG_MAP, indexed(machine -> References.of(machine.getSpec()).configMaps().stream()
                .map(name -> path(machine, name))));
        machines.addIndexer(BY_TRAIT, indexed(machine -> Claims.traits(machine).stream()));
        claims = new Claims(trait -> machines.byIndex(BY_TRAIT, trait));

        InformerEventSource<GenericKubernetesResource, NixosMachine> secrets =
                metadata.watch("Secret", context, secret -> naming(machines, BY_SECRET, secret));
        InformerEventSource<GenericKubernetesResource, NixosMachine> configMaps =
                metadata.watch("ConfigMap", context, map -> naming(machines, BY_CONFIG_MAP, map));
        InformerEventSource<DiskLayout, NixosMachine> layouts = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(DiskLayout.class, NixosMachine.class)
                        .withName("layouts-of-machines")
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(layout -> naming(machines, BY_LAYOUT, layout))
                        .withPrimaryToSecondaryMapper(machine -> Set.of())
                        .withOnUpdateFilter(MachineSources::isNewGeneration)
                        .build(),
                context);
        machineKeys = new MachineKeys(client, secrets::get);
        inputs = new InputResolver(new ObjectReader(client, secrets::get, configMaps::get), layouts::get, machineKeys);
        knownHosts = new KnownHosts(client, configMaps::get);
        return List.of(stepEnded, secrets, configMaps, layouts);
    }

    private static boolean isNewGeneration(HasMetadata now, HasMetadata before) {
        return !Objects.equals(
                now.getMetadata().getGeneration(), before.getMetadata().getGeneration());
    }

    /** An object that cannot be read is found by nothing; an index that throws would end the informer. */
    private static Function<NixosMachine, List<String>> indexed(Function<NixosMachine, Stream<String>> keys) {
        return machine -> Stored.isReadable(machine) ? keys.apply(machine).toList() : List.of();
    }

    /** Those that name the object, and the one that owns it. */
    private static Set<ResourceID> naming(
            IndexerResourceCache<NixosMachine> machines, String index, HasMetadata object) {
        Collection<NixosMachine> found =
                machines.byIndex(index, path(object, object.getMetadata().getName()));
        return Stream.concat(found.stream().map(ResourceID::fromResource), owner(object))
                .collect(Collectors.toSet());
    }

    private static Stream<ResourceID> owner(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> owner.getKind().equals(HasMetadata.getKind(NixosMachine.class))
                        && owner.getApiVersion().equals(HasMetadata.getApiVersion(NixosMachine.class)))
                .map(owner ->
                        new ResourceID(owner.getName(), object.getMetadata().getNamespace()));
    }

    private static String path(HasMetadata inNamespaceOf, String name) {
        return inNamespaceOf.getMetadata().getNamespace() + "/" + name;
    }

    void wake(MachineId machine) {
        stepEnded.propagateEvent(new ResourceID(machine.name(), machine.namespace()));
    }

    InputResolver inputs() {
        return Objects.requireNonNull(inputs, "prepare comes first");
    }

    Claims claims() {
        return Objects.requireNonNull(claims, "prepare comes first");
    }

    KnownHosts knownHosts() {
        return Objects.requireNonNull(knownHosts, "prepare comes first");
    }

    MachineKeys machineKeys() {
        return Objects.requireNonNull(machineKeys, "prepare comes first");
    }

    Owners owners() {
        return owners;
    }
}
