package dev.nixosoperator.phase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.nixosoperator.api.v1alpha1.DiskLayoutSpec.ChangePolicy;
import dev.nixosoperator.api.v1alpha1.FlakeSource;
import dev.nixosoperator.api.v1alpha1.Identity;
import dev.nixosoperator.api.v1alpha1.InstallRecord;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.MachinePlan.ApprovalNeed;
import dev.nixosoperator.api.v1alpha1.NixosMachineSpec;
import dev.nixosoperator.api.v1alpha1.NixosMachineStatus;
import dev.nixosoperator.api.v1alpha1.Operation;
import dev.nixosoperator.api.v1alpha1.Step;
import dev.nixosoperator.api.v1alpha1.Timestamp;
import dev.nixosoperator.bench.ScriptedConnector;
import dev.nixosoperator.bench.ScriptedMachine;
import dev.nixosoperator.lifecycle.MachineId;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.PlanHash;
import dev.nixosoperator.lifecycle.StepOutcome;
import dev.nixosoperator.remote.Connector;
import dev.nixosoperator.remote.HostKey;
import dev.nixosoperator.remote.KnownKeys;
import dev.nixosoperator.remote.Login;
import dev.nixosoperator.remote.MachineKey;
import dev.nixosoperator.remote.Privilege;
import dev.nixosoperator.remote.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A scripted machine with what an operator knows of it; time passes only when a step pauses. */
final class TestMachine extends ScriptedMachine {
    static final MachineId ID = new MachineId("uid-1", "default", "web-1");
    static final MachineId DB_1 = new MachineId("uid-9", "default", "db-1");
    static final String OPERATION = "op-1";
    static final String TOPLEVEL = "/nix/store/v54z3dy1wxid94l7rm2qn26wj8bc3ah1-nixos-system-web-1";

    private static final YAMLMapper YAML = new YAMLMapper();

    final ScriptedConnector connector = new ScriptedConnector(host);
    final List<StepOutcome.Progress> progress = new ArrayList<>();
    final List<Runnable> onPause = new ArrayList<>();

    Map<String, Secret> keys = Map.of();
    ChangePolicy changePolicy = ChangePolicy.ReportDrift;
    List<MachineInputs.PlacedFile> files = List.of();
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

    /** What the operation installs; null: not built yet. */
    @Nullable
    String toplevel = TOPLEVEL;

    @Nullable
    FlakeSource flake;

    /** What status remembers of an installation. */
    @Nullable
    InstallRecord install;

    @Nullable
    String foundIn;

    @Nullable
    String planned;

    private List<MachinePlan.PlannedDisk> plannedDisks = List.of();
    Login login = Login.of(Secret.of("key"));

    @Nullable
    MachineKey machineKey;

    boolean strict;
    Duration patience = Duration.ofMinutes(10);

    @Nullable
    Login installerLogin;

    Privilege privilege = Privilege.AUTO;
    Set<HostKey> given = Set.of();
    List<HostKey> pinned = List.of();

    @Nullable
    String accepted;

    List<HostKey> expected = List.of();
    boolean cancelled;

    @Nullable
    Turns turns;

    boolean approved = true;
    Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private final MachineAccess access;
    private final Path cache;

    TestMachine(Path cache) {
        this(cache, null);
    }

    /** @param real instead of the scripted one */
    TestMachine(Path cache, @Nullable Connector real) {
        this.cache = cache;
        this.access = new MachineAccess(real == null ? connector : real, () -> now);
        profile(TOPLEVEL);
    }

    /** In the installer, the disks made and mounted. */
    void mounted(Marker.State state) {
        mounted(marker(OPERATION, state));
    }

    void installed() {
        installed(TOPLEVEL, marker(OPERATION, Marker.State.INSTALLED));
    }

    String marker(String operation, Marker.State state) {
        return marker(ID, operation, state);
    }

    String marker(MachineId owner, String operation, Marker.State state) {
        return Markers.json(new Marker(
                owner.uid(),
                owner.namespace(),
                owner.name(),
                operation,
                Objects.requireNonNullElse(planned, "plan"),
                null,
                null,
                "d1",
                state,
                state == Marker.State.INSTALLED ? TOPLEVEL : null,
                flake,
                "2026-01-01T00:00:00Z"));
    }

    /** Its system comes from a flake. */
    void builds(@Nullable String locked) {
        spec = spec.replaceAll("storePath: .*", "flake: {ref: \"github:org/infra\", attribute: web-1}}");
        flake = new FlakeSource("github:org/infra", "web-1", locked, locked == null ? null : "a3a3dda");
        toplevel = null;
    }

    /** The machine notes that it was built from there, and has it in the store under /mnt. */
    void built(String locked) {
        host.whenProgram("cat", BuiltSystem.FILE)
                .exits(0, locked + "#nixosConfigurations.web-1.config.system.build.toplevel\n" + TOPLEVEL + "\n");
        copied();
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

    /** Longer than a connection is kept that nobody uses; what nobody uses is closed. */
    void longMoment() {
        now = now.plus(MachineAccess.IDLE.multipliedBy(2));
        access.closeIdle();
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
            MachineInputs.Way way = new MachineInputs.Way(login, privilege, List.of(), KnownKeys.of(given), strict);
            MachineInputs.Way installer = way.as(Objects.requireNonNullElse(installerLogin, login));
            return new StepContext(
                    ID,
                    YAML.readValue(spec, NixosMachineSpec.class),
                    new MachineInputs(
                            way,
                            installer,
                            way,
                            layout.isEmpty() ? null : YAML.readTree(layout),
                            changePolicy,
                            keys,
                            files,
                            Map.of(),
                            machineKey),
                    status(step),
                    access,
                    progress::add,
                    // every look at the clock costs a moment, so that nothing waits for ever
                    () -> now = now.plusMillis(20),
                    turns == null ? Turns.alone(now.plus(patience)) : turns,
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
                toplevel,
                flake,
                at,
                at,
                at,
                null,
                null,
                foundIn,
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
        Identity identity = new Identity(
                "m1", INSTALLER_BOOT, "d1", texts(pinned), texts(expected), List.of(), null, accepted, List.of());
        // A look belongs to no operation.
        Operation present = step == Step.Observe ? null : operation;
        return new NixosMachineStatus(
                null, null, null, null, List.of(), null, identity, present, plan, install, null, null, List.of(),
                List.of());
    }

    private static List<String> texts(List<HostKey> keys) {
        return keys.stream().map(HostKey::openSsh).toList();
    }

    /** The store under /mnt holds the system from now on. */
    void copied() {
        copied(TOPLEVEL);
    }
}
