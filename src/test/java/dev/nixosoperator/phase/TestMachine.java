package dev.nixosoperator.phase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.MachinePlan.ApprovalNeed;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.bench.ScriptedConnector;
import dev.nixosoperator.bench.ScriptedHost;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.PlanHash;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A scripted machine with what an operator knows of it; time passes only when a step pauses. */
final class TestMachine {
    static final MachineId ID = new MachineId("uid-1", "default", "web-1");
    static final String OPERATION = "op-1";
    static final String TOPLEVEL = "/nix/store/v54z3dy1wxid94l7rm2qn26wj8bc3ah1-nixos-system-web-1";
    static final String INSTALLER_BOOT = "22222222-boot";
    static final String OLD_BOOT = "11111111-boot";

    private static final YAMLMapper YAML = new YAMLMapper();

    final ScriptedHost host = new ScriptedHost();
    final ScriptedConnector connector = new ScriptedConnector(host);
    final Map<String, String> says = new TreeMap<>();
    final List<StepOutcome.Progress> progress = new ArrayList<>();
    final List<Runnable> onPause = new ArrayList<>();

    Map<String, Secret> keys = Map.of();
    List<MachineInputs.PlacedFile> files = List.of();
    String disks = disks(true, "5368709120");
    String layout =
            """
            disk:
              main:
                device: /dev/disk/by-id/virtio-S1
                content:
                  type: gpt
                  partitions:
                    bios: {size: 1M, type: EF02}
                    root: {size: 100%, content: {type: filesystem, format: ext4, mountpoint: /}}
            """;
    String spec =
            """
            connection: {host: 192.0.2.5, user: admin, credentialsSecretRef: {name: key}}
            diskLayoutRef: {name: plain}
            system: {storePath: {toplevel: %s, from: "http://cache"}}
            """
                    .formatted(TOPLEVEL);
    Operation.@Nullable Intent intent;

    @Nullable
    String planned;

    private List<MachinePlan.PlannedDisk> plannedDisks = List.of();
    boolean strict;
    Set<HostKey> given = Set.of();
    List<HostKey> pinned = List.of();
    List<HostKey> expected = List.of();
    boolean cancelled;
    boolean approved = true;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private final MachineAccess access = new MachineAccess(connector, () -> now);
    private final Path cache;

    TestMachine(Path cache) {
        this.cache = cache;
        debian();
        host.whenScript("situation.sh").does(call -> new CommandResult.Exited(0, said(), ""));
        host.whenScript("facts.sh").does(call -> new CommandResult.Exited(0, said(), ""));
        host.whenScript("block-devices.sh").does(call -> new CommandResult.Exited(0, disks, ""));
        host.whenScript("missing-tools").exits(0, "");
        host.whenProgram("test").exits(1, "");
        host.whenScript("receive.sh").exits(0, "dir=/root/nixos-operator-op-1\n");
        host.whenScript("place-file.sh").exits(0, "");
        host.whenScript("host-keys.sh").exits(0, "key=" + ScriptedConnector.HOST_KEY.openSsh() + "\n");
        host.whenScript("installed.sh").exits(0, "profile=" + TOPLEVEL + "\nboot=yes\n");
        host.whenScript("mark-installed.sh").exits(0, "");
        host.whenScript("reboot.sh").exits(0, "reboot=accepted\n");
    }

    void debian() {
        says.clear();
        says.putAll(Map.of(
                "kernel", "Linux",
                "kernel.release", "6.1",
                "architecture", "x86_64",
                "os.ID", "debian",
                "os.PRETTY_NAME", "Debian",
                "boot_id", OLD_BOOT,
                "machine_id", "m1",
                "dmi_uuid", "d1",
                "situation.end", "yes"));
        says.putAll(Map.of("uid", "0", "memory.total", "1024", "boot_mode", "BIOS", "facts.end", "yes"));
        for (String tool : List.of("tar", "cpio", "gzip", "setsid", "flock", "base64", "sha256sum", "mktemp", "curl")) {
            says.put("tool." + tool, "yes");
        }
    }

    void installer() {
        debian();
        says.putAll(Map.of(
                "os.ID",
                "nixos",
                "os.VARIANT_ID",
                "installer",
                "boot_id",
                INSTALLER_BOOT,
                "tool.nix",
                "yes",
                "tool.nix-store",
                "yes",
                "tool.nixos-install",
                "yes"));
    }

    /** In the installer, the disks made and mounted. */
    void mounted(Marker.State state) {
        installer();
        says.put("marker.disk", marker(OPERATION, state));
        says.put("marker.run", marker(OPERATION, state));
        says.put("mounted", "yes");
    }

    void installed() {
        debian();
        says.putAll(Map.of("os.ID", "nixos", "boot_id", "33333333-boot", "system.current", TOPLEVEL));
        says.put("marker.disk", marker(OPERATION, Marker.State.INSTALLED));
    }

    String marker(String operation, Marker.State state) {
        return Markers.json(new Marker(
                ID.uid(),
                ID.namespace(),
                ID.name(),
                operation,
                Objects.requireNonNullElse(planned, "plan"),
                null,
                null,
                "d1",
                state,
                state == Marker.State.INSTALLED ? TOPLEVEL : null,
                "2026-01-01T00:00:00Z"));
    }

    /** One blank disk, or one with an old filesystem. */
    static String disks(boolean blank, String size) {
        return """
                {"version":1,"lsblk":{"blockdevices":[{"name":"vda","kname":"vda","path":"/dev/vda","type":"disk",
                "size":%s,"serial":"S1","ro":false}]},"probes":[{"kname":"vda","blkid":%d,"ptuuid":"",
                "signatures":{"signatures":[%s]},"zeroFirst":%b,"zeroLast":true,"serial":"S1"}],
                "links":[{"link":"/dev/disk/by-id/virtio-S1","target":"/dev/vda"}],"pvs":[]}"""
                .formatted(
                        size,
                        blank ? 2 : 0,
                        blank ? "" : "{\"type\":\"ext4\",\"uuid\":\"u1\",\"offset\":\"0x438\"}",
                        blank);
    }

    /** What the Plan step finds is approved, and the intent stored. */
    void approve(boolean withIntent) {
        StepOutcome.Seen seen = ((StepOutcome.Done) advance(Step.Plan)).seen();
        StepOutcome.PlanDraft draft = Objects.requireNonNull(seen.draft());
        planned = PlanHash.of(draft.hash(), 0);
        plannedDisks = draft.disks();
        intent = withIntent ? new Operation.Intent(planned, INSTALLER_BOOT, Timestamp.of(now), null) : null;
        host.forgetCalls();
    }

    StepOutcome advance(Step step) {
        Pause pause = length -> {
            now = now.plus(length);
            List.copyOf(onPause).forEach(Runnable::run);
        };
        return new Steps(new Settings("http://images/<arch>.tar.gz", cache), pause)
                .of(step)
                .advance(context(step));
    }

    private StepContext context(Step step) {
        try {
            MachineInputs.Way way = new MachineInputs.Way(Login.of(Secret.of("key")), given, strict);
            return new StepContext(
                    ID,
                    YAML.readValue(spec, NixosMachineSpec.class),
                    new MachineInputs(way, way, way, YAML.readTree(layout), keys, files, Map.of()),
                    status(step),
                    access,
                    progress::add,
                    // every look at the clock costs a moment, so that nothing waits for ever
                    () -> now = now.plusMillis(20),
                    now.plus(Duration.ofMinutes(10)),
                    () -> cancelled);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private NixosMachineStatus status(Step step) {
        Timestamp at = Timestamp.of(now);
        Operation operation = new Operation(
                OPERATION,
                Operation.Kind.Install,
                step,
                null,
                null,
                null,
                null,
                1,
                "inputs",
                TOPLEVEL,
                at,
                at,
                at,
                null,
                null,
                intent);
        MachinePlan plan = planned == null
                ? null
                : new MachinePlan(
                        planned,
                        OPERATION,
                        0,
                        false,
                        intent != null,
                        approved,
                        ApprovalNeed.None,
                        plannedDisks,
                        List.of());
        Identity identity = new Identity("m1", INSTALLER_BOOT, "d1", texts(pinned), texts(expected), List.of());
        return new NixosMachineStatus(
                null, null, null, null, List.of(), null, identity, operation, plan, null, null, null, List.of());
    }

    private static List<String> texts(List<HostKey> keys) {
        return keys.stream().map(HostKey::openSsh).toList();
    }

    private String said() {
        return says.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                .collect(Collectors.joining());
    }

    /** Nix finds the system at the cache, signed by nobody we need to care for, and not yet under /mnt. */
    void cacheHolds(boolean contentAddressed) {
        host.when(call -> call.argv().getFirst().equals("nix"))
                .does(call -> new CommandResult.Exited(1, "", "error: path is not valid"));
        String info = "{\"%s\":{\"narHash\":\"sha256-%s=\",\"narSize\":4096,\"references\":[],\"signatures\":%s%s}}"
                .formatted(
                        TOPLEVEL,
                        "A".repeat(43),
                        contentAddressed ? "[]" : "[\"other-1:AAAA\"]",
                        contentAddressed ? ",\"ca\":\"fixed:r:sha256:x\"" : "");
        host.when(call -> call.argv().getFirst().equals("nix") && call.argv().contains("http://cache"))
                .does(call -> new CommandResult.Exited(0, call.argv().contains("cat") ? "x86_64-linux" : info, ""));
    }

    /** The store under /mnt holds the system from now on. */
    void copied() {
        host.when(call -> call.argv().contains("local?root=/mnt")).exits(0, TOPLEVEL);
    }
}
