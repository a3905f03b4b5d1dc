package dev.nixosoperator.phase;

import dev.nixosoperator.api.v1alpha1.DiskSelection;
import dev.nixosoperator.api.v1alpha1.Facts;
import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.api.v1alpha1.MachinePlan;
import dev.nixosoperator.api.v1alpha1.MachinePlan.ApprovalNeed;
import dev.nixosoperator.api.v1alpha1.Reason;
import dev.nixosoperator.disk.BlockDevice;
import dev.nixosoperator.disk.BlockDevices;
import dev.nixosoperator.disk.DiskBinding;
import dev.nixosoperator.disk.DiskMode;
import dev.nixosoperator.disk.DmiUuid;
import dev.nixosoperator.disk.Drift;
import dev.nixosoperator.disk.Finding;
import dev.nixosoperator.disk.Layout;
import dev.nixosoperator.disk.NixosModule;
import dev.nixosoperator.disk.Plan;
import dev.nixosoperator.disk.Resolution;
import dev.nixosoperator.disk.Scripts;
import dev.nixosoperator.disk.Selector;
import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.Situation;
import dev.nixosoperator.lifecycle.StepOutcome.Failed;
import dev.nixosoperator.lifecycle.StepOutcome.PlanDraft;
import dev.nixosoperator.remote.Command;
import dev.nixosoperator.remote.CommandResult;
import dev.nixosoperator.remote.RemoteHost;
import dev.nixosoperator.remote.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The plan for the disks as the machine is at this moment; made by Plan, made again by Gate and Disks. */
final class Planning {
    private static final Script BLOCK_DEVICES = Script.load("block-devices.sh");

    private Planning() {}

    /** A plan, or why there is none. */
    sealed interface Planned {
        record Drawn(Layout layout, Map<String, BlockDevice> disks, Plan plan, Scripts scripts) implements Planned {}

        record Not(Failed failure) implements Planned {}
    }

    static Planned draw(StepContext context, Visit visit) {
        Layout layout = layout(context);
        if (layout == null) {
            return not(Reason.DiskLayoutInvalid, "the DiskLayout has mistakes: " + findings(context));
        }
        CommandResult result = visit.host().run(Command.script(BLOCK_DEVICES));
        if (!(result instanceof CommandResult.Exited exited)) {
            return not(Reason.ConnectionLost, "the machine did not tell its disks: " + result.summary());
        }
        BlockDevices devices = BlockDevices.parse(exited.out());
        if (exited.code() != 0 || devices.problem() != null) {
            return not(
                    Reason.FactsFailed,
                    "the machine did not tell its disks: "
                            + (devices.problem() == null
                                    ? result.summary()
                                    : devices.problem() + ", " + result.summary()));
        }
        DiskMode mode = mode(context.spec().install().diskMode());
        return switch (Resolution.resolve(layout, bindings(context.spec().disks()), devices, mode)) {
            case Resolution.Resolved resolved -> drawn(context, layout, resolved, visit.situation());
            case Resolution.Unresolved problem -> not(reason(problem.problem()), problem.message());
        };
    }

    private static Planned drawn(
            StepContext context, Layout layout, Resolution.Resolved resolved, Situation situation) {
        DiskMode mode = mode(context.spec().install().diskMode());
        DmiUuid machine = new DmiUuid(Objects.requireNonNullElse(situation.dmiUuid(), ""));
        return new Planned.Drawn(
                layout,
                resolved.disks(),
                Plan.of(layout, resolved, machine, mode),
                Scripts.render(layout, resolved, mode));
    }

    /** Null when there is none or it has mistakes. */
    static @Nullable Layout layout(StepContext context) {
        return context.inputs().devices() == null
                ? null
                : Layout.parseForMachine(context.inputs().devices()).layout();
    }

    private static List<Finding> findings(StepContext context) {
        return context.inputs().devices() == null
                ? List.of(new Finding("spec.diskLayoutRef", "missing"))
                : Layout.parseForMachine(context.inputs().devices()).findings();
    }

    /** For people: the plan and who must approve it. */
    static PlanDraft draft(StepContext context, Visit visit, Planned.Drawn drawn) {
        List<Marker> markers = visit.reading().markers();
        List<String> warnings = new ArrayList<>(drawn.plan().warnings());
        FirstUse.warning(context, visit).ifPresent(warnings::add);
        markers.forEach(marker -> warnings.add("a disk carries the marker of NixosMachine %s/%s, %s at %s"
                .formatted(marker.namespace(), marker.name(), marker.state(), marker.time())));
        warnings.addAll(
                NixosModule.otherPaths(drawn.layout(), bindings(context.spec().disks())));
        List<MachinePlan.PlannedDisk> disks = drawn.plan().disks().stream()
                .map(disk -> new MachinePlan.PlannedDisk(
                        disk.name(),
                        disk.device(),
                        disk.serial(),
                        disk.wwn(),
                        disk.size(),
                        disk.model(),
                        disk.content(),
                        disk.action(),
                        disk.result()))
                .toList();
        return new PlanDraft(
                drawn.plan().hash(),
                need(drawn, markers.stream().anyMatch(marker -> !marker.names(context.machine()))),
                disks,
                List.copyOf(warnings));
    }

    private static ApprovalNeed need(Planned.Drawn drawn, boolean ofAnother) {
        boolean nameless = drawn.plan().hasNameless();
        return nameless || ofAnother
                ? ApprovalNeed.Always
                : drawn.plan().needsApproval() ? ApprovalNeed.ByPolicy : ApprovalNeed.None;
    }

    /** The disks for status; empty when the machine cannot tell them. */
    static List<Facts.Disk> facts(RemoteHost host) {
        return host.run(Command.script(BLOCK_DEVICES)) instanceof CommandResult.Exited exited
                ? BlockDevices.parse(exited.out()).disks().stream()
                        .map(disk -> new Facts.Disk(disk.path(), disk.size(), disk.serial(), disk.wwn(), disk.model()))
                        .toList()
                : List.of();
    }

    /** Of an installed machine that runs what is on its disks; null where that was not asked or not told. */
    static @Nullable Drift drift(StepContext context, Visit visit) {
        Layout layout = layout(context);
        if (layout == null
                || context.status().install() == null
                || visit.situation().running() != Situation.Running.NIXOS
                || !(visit.host().run(unprobed(layout)) instanceof CommandResult.Exited exited)
                || exited.code() != 0) {
            return null;
        }
        BlockDevices devices = BlockDevices.parse(exited.out());
        return devices.problem() == null
                ? Drift.of(layout, bindings(context.spec().disks()), devices)
                : null;
    }

    private static Command unprobed(Layout layout) {
        List<String> words = new ArrayList<>(List.of("unprobed"));
        words.addAll(layout.swapFiles());
        return Command.script(BLOCK_DEVICES, words);
    }

    private static List<DiskBinding> bindings(List<DiskSelection> disks) {
        return disks.stream()
                .map(disk -> new DiskBinding(disk.name(), disk.device(), selector(disk.selector())))
                .toList();
    }

    private static @Nullable Selector selector(DiskSelection.@Nullable Selector by) {
        return by == null
                ? null
                : new Selector(
                        by.serial(),
                        by.wwn(),
                        by.model(),
                        by.vendor(),
                        Amount.bytes(by.minSize()),
                        Amount.bytes(by.maxSize()),
                        by.rotational(),
                        by.transport(),
                        by.byPath(),
                        Boolean.TRUE.equals(by.onlyDisk()));
    }

    private static DiskMode mode(Install.DiskMode mode) {
        return switch (mode) {
            case DestroyFormatMount -> DiskMode.DESTROY_FORMAT_MOUNT;
            case FormatMount -> DiskMode.FORMAT_MOUNT;
            case Mount -> DiskMode.MOUNT;
        };
    }

    private static Reason reason(Resolution.Problem problem) {
        return switch (problem) {
            case NOT_FOUND, READ_ONLY, PARTITION_NOT_DISK, TOO_SMALL -> Reason.DiskNotFound;
            case AMBIGUOUS, SAME_DISK_TWICE -> Reason.DiskAmbiguous;
            case IN_FOREIGN_POOL -> Reason.DiskInForeignPool;
        };
    }

    private static Planned.Not not(Reason reason, String message) {
        return new Planned.Not(Failed.of(reason, message));
    }
}
