package dev.nixosoperator.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.api.v1alpha1.Condition;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.NixosMachine;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.bench.KubernetesApi;
import dev.nixosoperator.bench.Lab;
import dev.nixosoperator.bench.LabHttp;
import dev.nixosoperator.bench.LabVm;
import dev.nixosoperator.bench.OperatorProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** One machine, its manifests and the operator, as a test tells its story with kubectl. */
final class Scenario implements AutoCloseable {
    /** Emulated machines on a busy computer are slow; the operator's own deadlines are shorter. */
    static final Duration PATIENCE = Duration.ofMinutes(25);

    static final String PASSPHRASE = "canary-passphrase-f3a9";
    static final String EXTRA = "canary-extra-file-77c1";

    /** Of every partition and of every filesystem, that in the LUKS included, read from the disk itself: udev's database is not complete. */
    static final String IDENTITIES =
            "for d in /dev/vda[0-9] /dev/mapper/cryptroot; do blkid -p -o export \"$d\" | grep -e DEVNAME -e UUID; done";

    /** What the operator may write. */
    private static final String KINDS = "nixosmachines,disklayouts,configmaps,events,leases";

    final Lab lab = Lab.get();
    final KubernetesApi api;
    final String namespace;
    final LabVm vm;
    final LabHttp cache;
    final LabHttp images;
    private final Path directory;
    private final long began = System.nanoTime();
    private OperatorProcess operator;
    private String lastLine = "";

    Scenario(KubernetesApi api, String name, LabVm vm) {
        this.api = api;
        this.vm = vm;
        namespace = api.namespace();
        cache = lab.serveBinaryCache();
        images = lab.serveInstaller();
        directory = Path.of("target", "e2e", name).toAbsolutePath();
        installCrds();
        deleteOldFiles();
        operator = OperatorProcess.start(api.kubeconfigFile(), namespace, log());
    }

    private void installCrds() {
        api.kubectl("apply", "--server-side", "--force-conflicts", "-f", "crds/");
        api.awaitCrds();
    }

    /** For what the test writes down; the operator's log and its cache are in the same directory. */
    Path file(String name) {
        return directory.resolve(name);
    }

    private Path log() {
        return file("operator.log");
    }

    /** What earlier runs left; the cache may stay. */
    private void deleteOldFiles() {
        try {
            Files.createDirectories(directory);
            for (Path old : files(1)) {
                Files.delete(old);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The operator's log, its cache and what the test wrote down. */
    List<Path> files() {
        return files(Integer.MAX_VALUE);
    }

    private List<Path> files(int depth) {
        try (Stream<Path> files = Files.walk(directory, depth)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    OperatorProcess operator() {
        return operator;
    }

    void restartOperator() {
        operator = OperatorProcess.start(api.kubeconfigFile(), namespace, log());
    }

    void apply(String manifests) {
        api.kubectlWithInput(manifests, "apply", "-n", namespace, "-f", "-");
    }

    /** Secrets and a layout with an encrypted root, on a BIOS or UEFI machine. */
    void applyEncryptedLayout(LabVm.Firmware firmware, String disk) {
        applySecrets();
        applyLayout(firmware, layout -> layout.replace("lab-disk0", disk));
    }

    void applySecrets() {
        apply(
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: ssh}
                type: kubernetes.io/ssh-auth
                data: {ssh-privatekey: %s}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: luks}
                stringData: {passphrase: "%s\\n"}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: files}
                stringData: {token: %s}
                """
                        .formatted(key(), PASSPHRASE, EXTRA));
    }

    void applyLayout(LabVm.Firmware firmware, UnaryOperator<String> edit) {
        String layout = "layouts/encrypted-%s.yaml".formatted(firmware.name().toLowerCase(Locale.ROOT));
        apply(edit.apply(text(Lab.DIRECTORY.resolve(layout))));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String key() {
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(lab.sshKey()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything comes over the operator's connection: the installer's image, and a system of many paths. */
    void applyMachineAlone(String user) {
        URI from = cache.localUrl("");
        applyMachine(user, "Upload", storePath(lab.toplevelMany(), from), from, false);
    }

    /** A system that the machine builds itself. */
    void applyMachineWithFlake(String user, String delivery, LabFlake flake, String attribute) {
        String system = "{flake: {ref: \"%s\", attribute: '%s'}}".formatted(flake.url(), attribute);
        applyMachine(user, delivery, system, cache.url(), true);
    }

    private static String storePath(String toplevel, URI from) {
        return "{storePath: {toplevel: %s, from: \"%s\"}}".formatted(toplevel, from);
    }

    /** @param delivery {@code Upload} or {@code Download} of the installer's image */
    void applyMachine(String user, String delivery) {
        applyMachine(user, delivery, storePath(lab.toplevelV1(), cache.url()), cache.url(), true);
    }

    private void applyMachine(String user, String delivery, String system, URI from, boolean substitute) {
        String image = lab.installer().getFileName().toString();
        URI url = "Download".equals(delivery) ? images.url(image) : images.localUrl(image);
        apply(
                """
                apiVersion: nixos-operator.dev/v1alpha1
                kind: NixosMachine
                metadata: {name: web-1}
                spec:
                  interval: 2s
                  connection:
                    host: 127.0.0.1
                    port: %d
                    user: %s
                    credentialsSecretRef: {name: ssh}
                    installed: {user: root}
                  diskLayoutRef: {name: encrypted}
                  system: %s
                  copy:
                    substituters: ["%s"]
                    trustedPublicKeys: ["%s"]
                    substituteOnTarget: %s
                  install:
                    kexec:
                      delivery: %s
                      image: {url: "%s", sha256: %s}
                    encryptionKeys:
                    - path: /run/keys/root
                      secretKeyRef: {name: luks, key: passphrase}
                    extraFiles:
                    - path: /var/lib/secrets/token
                      secretKeyRef: {name: files, key: token}
                      mode: "0440"
                      owner: "0:0"
                """
                        .formatted(
                                vm.sshPort(),
                                user,
                                system,
                                from,
                                lab.publicKey(),
                                substitute,
                                delivery,
                                url,
                                lab.installerSha256()));
    }

    NixosMachine machine() {
        return Objects.requireNonNull(api.client()
                .resources(NixosMachine.class)
                .inNamespace(namespace)
                .withName("web-1")
                .get());
    }

    NixosMachineStatus status() {
        return Objects.requireNonNullElse(machine().getStatus(), NixosMachineStatus.EMPTY);
    }

    static boolean is(NixosMachineStatus status, String condition, String value) {
        return status.conditions().stream()
                .anyMatch(c -> c.type().equals(condition) && c.status().equals(value));
    }

    static boolean isReady(NixosMachineStatus status) {
        return is(status, "Ready", Condition.TRUE);
    }

    static String reason(NixosMachineStatus status) {
        return status.conditions().stream()
                .filter(c -> c.type().equals("Ready"))
                .map(Condition::reason)
                .findFirst()
                .orElse("");
    }

    static boolean isAt(NixosMachineStatus status, Step step) {
        return status.operation() != null && status.operation().step() == step;
    }

    static boolean isPast(NixosMachineStatus status, Step step) {
        return status.operation() != null && status.operation().step().compareTo(step) > 0;
    }

    static String operation(NixosMachineStatus status) {
        return Objects.requireNonNull(status.operation()).id();
    }

    /** Waits for it and shows what {@code kubectl get nixosmachines} shows meanwhile, whenever it changes. */
    NixosMachineStatus await(String what, Predicate<NixosMachineStatus> condition) {
        NixosMachineStatus[] seen = {NixosMachineStatus.EMPTY};
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    show();
                    seen[0] = status();
                    boolean stalled = is(seen[0], "Stalled", Condition.TRUE);
                    boolean held = condition.test(seen[0]);
                    if (stalled && !held) {
                        throw new AssertionError("stalled while waiting for " + what + ": " + seen[0].conditions());
                    }
                    return held;
                });
        return seen[0];
    }

    private void show() {
        String line = api.kubectl("get", "nixosmachines", "-n", namespace, "--no-headers")
                .strip();
        String withoutAge = line.replaceAll("\\S+$", "");
        if (!withoutAge.equals(lastLine)) {
            lastLine = withoutAge;
            System.out.printf(Locale.ROOT, "%7.1f s  %s%n", (System.nanoTime() - began) / 1e9, line);
        }
    }

    /** What a person does who read the plan. */
    MachinePlan approve() {
        NixosMachineStatus waiting = await(
                "the plan to wait for approval",
                status -> status.plan() != null && is(status, "Stalled", Condition.TRUE));
        assertThat(reason(waiting)).isIn("AwaitingApproval", "FormatInterrupted");
        MachinePlan plan = Objects.requireNonNull(waiting.plan());
        System.out.println(plan);
        api.kubectl(
                "annotate",
                "nixosmachine/web-1",
                "-n",
                namespace,
                "--overwrite",
                "nixos-operator.dev/approve-plan=" + plan.hash());
        Awaitility.await("the approval to be seen")
                .atMost(PATIENCE)
                .until(() -> !is(status(), "Stalled", Condition.TRUE));
        return plan;
    }

    /** Types the passphrase when the installed system asks for it. */
    void unlock() {
        vm.awaitConsole("Please enter passphrase for cryptroot", PATIENCE);
        vm.type(PASSPHRASE);
    }

    /** Everything that the API server holds of this story, in one text; of the Secrets their names, for those that the test made hold secrets. */
    String everythingInTheCluster() {
        return String.join(
                "\n",
                api.kubectl("get", KINDS, "-n", namespace, "-o", "yaml", "--show-managed-fields"),
                api.kubectl("get", "secrets", "-n", namespace, "-o", "name"));
    }

    /** Kind, name and resourceVersion of all of them: any write changes it. */
    String versions() {
        return api.kubectl(
                "get",
                KINDS + ",secrets",
                "-n",
                namespace,
                "-o",
                "custom-columns=:.kind,:.metadata.name,:.metadata.resourceVersion");
    }

    /** Lines with the reason and the first line of the message of every event of the machine, in the order in which they were written. */
    List<String> events() {
        return api.kubectl(
                        "get",
                        "events",
                        "-n",
                        namespace,
                        "--sort-by=.metadata.resourceVersion",
                        "-o",
                        "jsonpath={range .items[?(@.involvedObject.kind==\"NixosMachine\")]}{.reason}{\" \"}{.message}{\"\\n\"}{end}")
                .lines()
                .toList();
    }

    String privateKeyLine() {
        try {
            return Files.readString(lab.sshKey(), StandardCharsets.US_ASCII)
                    .lines()
                    .skip(2)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        operator.close();
        cache.close();
        images.close();
        vm.close();
    }
}
