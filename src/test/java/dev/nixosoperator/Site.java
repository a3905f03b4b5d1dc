package dev.nixosoperator;

import static org.awaitility.Awaitility.await;

import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.bench.Fleet;
import dev.nixosoperator.bench.KubernetesApi;
import dev.nixosoperator.bench.LivingMachine;
import dev.nixosoperator.bench.OperatorProcess;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A namespace of a real API server with a layout and a key, and a fleet of living machines for operator processes. */
final class Site implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Site.class);
    static final String TOPLEVEL = "/nix/store/0c0vrxfwnpwbkfvbxf3a10zvn1qs3hbm-nixos-system-web-25.11";
    /** The one that machines are created with. */
    static final String LAYOUT = "disk";

    static final String OTHER_LAYOUT = "other-disk";
    /** An interval that is over in no test. */
    static final String RARELY = "10h";
    /** Objects are written by this many at the same time. */
    private static final int HANDS = 4;

    final KubernetesApi api;
    final KubernetesClient client;
    final String namespace;
    final FormatWitness witness;
    final Fleet fleet;
    private final Path directory;

    /** @param name of the directory of its logs, under target */
    Site(KubernetesApi api, LivingMachine.Tempo tempo, String name) {
        this.api = api;
        this.client = api.client();
        this.witness = new FormatWitness(this::object, Duration.ofSeconds(30));
        this.fleet = new Fleet(tempo, witness);
        this.directory = Path.of("target", name);
        for (String crd : List.of("nixosmachines", "disklayouts")) {
            api.kubectl("apply", "-f", "crds/%s.nixos-operator.dev.yaml".formatted(crd));
        }
        api.awaitCrds();
        this.namespace = api.namespace();
        secret("ssh", "a key");
        layout(LAYOUT, "1M");
        layout(OTHER_LAYOUT, "2M");
    }

    void secret(String name, String key) {
        apply(
                """
              apiVersion: v1
              kind: Secret
              metadata: {name: %s}
              stringData: {ssh-privatekey: %s}
              """
                        .formatted(name, key));
    }

    /** @param bios size of the partition for the boot loader: what makes one layout differ from another */
    void layout(String name, String bios) {
        apply(
                """
              apiVersion: nixos-operator.dev/v1alpha1
              kind: DiskLayout
              metadata: {name: %s}
              spec:
                devices:
                  disk:
                    main:
                      type: disk
                      device: /dev/disk/by-id/virtio-S1
                      content:
                        type: gpt
                        partitions:
                          bios: {size: %s, type: EF02}
                          root: {size: 100%%, content: {type: filesystem, format: ext4, mountpoint: /}}
              """
                        .formatted(name, bios));
    }

    void apply(String yaml) {
        api.kubectlWithInput(yaml, "apply", "-n", namespace, "-f", "-");
    }

    /** {@code m1}, {@code m2} … */
    static List<String> names(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(n -> "m" + n).toList();
    }

    /** Creates an object for each name, some at a time. */
    void create(List<String> names, String interval) throws Exception {
        try (ExecutorService hands = Executors.newFixedThreadPool(HANDS)) {
            List<Future<?>> created = new ArrayList<>();
            for (String name : names) {
                created.add(hands.submit(() -> create(name, interval)));
            }
            for (Future<?> one : created) {
                one.get();
            }
        }
    }

    /** May be repeated: the client does so by itself where an answer takes long. */
    void create(String name, String interval) {
        client.resource(
                        """
                        apiVersion: nixos-operator.dev/v1alpha1
                        kind: NixosMachine
                        metadata: {name: %1$s}
                        spec:
                          interval: %2$s
                          connection: {host: %1$s.example.org, credentialsSecretRef: {name: ssh}, connectTimeout: 2s}
                          diskLayoutRef: {name: disk}
                          system: {storePath: {toplevel: %3$s, from: "http://cache"}}
                          install: {wipePolicy: Allow}
                        """
                                .formatted(name, interval, TOPLEVEL))
                .inNamespace(namespace)
                .serverSideApply();
    }

    LivingMachine machine(String name) {
        return fleet.machine(name + ".example.org");
    }

    /** A process with real steps, that is given half a gigabyte and two processors. */
    OperatorProcess launch(String name, String... flags) {
        List<String> java = List.of(
                "-Xmx512m",
                "-XX:ActiveProcessorCount=2",
                "--enable-native-access=ALL-UNNAMED",
                "-Dlogback.configurationFile=logback.xml",
                "-Dfleet=" + fleet.port(),
                "-cp",
                System.getProperty("java.class.path"),
                FleetOperator.class.getName());
        List<String> all = new ArrayList<>(List.of("--namespaces", namespace));
        all.addAll(List.of(flags));
        return OperatorProcess.launch(api.kubeconfigFile(), directory.resolve(name + ".log"), java, all);
    }

    OperatorProcess start(String name, String... flags) {
        OperatorProcess operator = launch(name, flags);
        operator.awaitReadiness();
        return operator;
    }

    /** @param name of the machine or its address; null: there is no such object */
    @Nullable
    NixosMachine object(String name) {
        return client.resources(NixosMachine.class)
                .inNamespace(namespace)
                .withName(name.replace(".example.org", ""))
                .get();
    }

    void awaitGone(String name) {
        await().atMost(Duration.ofMinutes(1)).until(() -> object(name) == null);
    }

    /** What a person does while the API server is away does not happen. */
    static void whateverTheApiServerSays(Runnable deed) {
        try {
            deed.run();
        } catch (KubernetesClientException | IllegalStateException refused) {
            LOG.atInfo().log("not done: {}", refused.getMessage());
        }
    }

    List<NixosMachine> objects() {
        return client.resources(NixosMachine.class)
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    /** Tells the witness of every intent, also where nobody asks. */
    SharedIndexInformer<NixosMachine> watchIntents() {
        return client.resources(NixosMachine.class).inNamespace(namespace).inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(NixosMachine machine) {
                witness.acknowledged(machine);
            }

            @Override
            public void onUpdate(NixosMachine before, NixosMachine machine) {
                witness.acknowledged(machine);
            }

            @Override
            public void onDelete(NixosMachine machine, boolean unknown) {
                witness.acknowledged(machine);
            }
        });
    }

    /** What Ready says, with the number of machines that say so. */
    Map<String, Long> readiness() {
        return objects().stream().collect(Collectors.groupingBy(Site::ready, Collectors.counting()));
    }

    /** Specs and statuses of those that are not. */
    String unready() {
        return objects().stream()
                .filter(machine -> !ready(machine).startsWith("True/"))
                .map(machine -> Serialization.asYaml(machine.getSpec()) + Serialization.asYaml(machine.getStatus()))
                .collect(Collectors.joining("\n"));
    }

    static String ready(NixosMachine machine) {
        return Objects.requireNonNullElse(machine.getStatus(), NixosMachineStatus.EMPTY).conditions().stream()
                .filter(condition -> condition.type().equals("Ready"))
                .map(condition -> condition.status() + "/" + condition.reason())
                .findFirst()
                .orElse("");
    }

    void awaitAllReady(int count, Duration limit) {
        await().atMost(limit)
                .pollInterval(Duration.ofSeconds(1))
                .until(this::readiness, told -> told.equals(Map.of("True/Succeeded", (long) count)));
    }

    /** Resource versions by name: equal where nothing was written. */
    Map<String, String> versions() {
        return objects().stream()
                .collect(Collectors.toMap(machine -> machine.getMetadata().getName(), machine -> machine.getMetadata()
                        .getResourceVersion()));
    }

    /** Everything that the API server ever wrote is counted in this. */
    long revision() {
        return Long.parseLong(
                client.configMaps().inNamespace(namespace).list().getMetadata().getResourceVersion());
    }

    @Override
    public void close() {
        fleet.close();
        whateverTheApiServerSays(this::remove);
    }

    /** The operators of other tests watch all namespaces and would work on what is left here; no operator ends its life. */
    private void remove() {
        var machines = client.resources(NixosMachine.class).inNamespace(namespace);
        try (ExecutorService hands = Executors.newFixedThreadPool(HANDS)) {
            for (NixosMachine machine : machines.list().getItems()) {
                hands.execute(() -> machines.withName(machine.getMetadata().getName())
                        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}"));
            }
        }
        machines.delete();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> machines.list().getItems().isEmpty());
    }
}
