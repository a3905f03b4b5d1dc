package dev.nixosoperator.cli;

import dev.nixosoperator.api.v1alpha1.Install;
import dev.nixosoperator.disk.BlockDevices;
import dev.nixosoperator.disk.DiskBinding;
import dev.nixosoperator.disk.DiskMode;
import dev.nixosoperator.disk.DmiUuid;
import dev.nixosoperator.disk.Layout;
import dev.nixosoperator.disk.NixosModule;
import dev.nixosoperator.disk.Plan;
import dev.nixosoperator.disk.Resolution;
import dev.nixosoperator.remote.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What would happen to the disks of a machine. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            "Prints what a layout would do to the disks of a machine, by the rules of the operator. Nothing is touched.",
            "The machine's facts are what the operator's own script prints there as root:",
            "  nixos-operator plan --print-facts-script | ssh root@host sh > facts.json",
            "Or what lsblk --json --bytes --output-all prints; then less is known, and no disk counts as empty."
        })
public final class PlanCommand implements Callable<Integer> {
    private static final String NO_PROBE =
            "lsblk makes no probe: whether a disk is empty (it counts as not empty), the volume groups of LVM, most links"
                    + " below /dev/disk, and so the plan's hash; --print-facts-script prints what finds out";
    private static final String NO_MACHINE = "the plan's hash, which --machine-uuid is a part of";
    private static final String FEW_LINKS =
            "; lsblk tells few of the links below /dev/disk: --print-facts-script prints what finds them all";

    @Parameters(
            arity = "0..1",
            paramLabel = "LAYOUT",
            description = "DiskLayout, or a tree of disko.devices; YAML or JSON; - is standard input.")
    private @Nullable Path layoutFile;

    @Option(names = "--facts", paramLabel = "FILE", description = "The machine's disks as JSON.")
    private @Nullable Path factsFile;

    @Option(names = "--print-facts-script", description = "Prints the script that prints the facts, and ends.")
    private boolean printScript;

    @Option(
            names = "--disk",
            paramLabel = "NAME=DEVICE",
            description = "Device of a disk of the layout, as spec.disks of a machine. May be given several times.")
    private Map<String, String> disks = new TreeMap<>();

    @Option(
            names = "--machine-uuid",
            paramLabel = "UUID",
            description = "What /sys/class/dmi/id/product_uuid holds on the machine: a part of the plan's hash.")
    private @Nullable String machineUuid;

    @Option(
            names = "--disk-mode",
            defaultValue = "DestroyFormatMount",
            paramLabel = "MODE",
            description = "install.diskMode: ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Install.DiskMode mode = Install.DiskMode.DestroyFormatMount;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            paramLabel = "FORM",
            description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Form form = Form.text;

    /** Words of {@code --output}. */
    enum Form {
        text,
        json
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Console console = Console.of(spec);
        if (printScript) {
            return console.done(Script.load("block-devices.sh").text());
        }
        if (layoutFile == null || factsFile == null) {
            throw new CommandLine.ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "a LAYOUT and --facts are needed");
        }
        LayoutFile file = LayoutFile.read(layoutFile);
        if (file.devices() == null) {
            return console.refused(file.mistakes());
        }
        Layout.Parsed parsed = Layout.parse(file.devices());
        Layout layout = parsed.layout();
        return layout == null ? console.refused(layoutFile, parsed.findings()) : plan(console, layout, factsFile);
    }

    private int plan(Console console, Layout layout, Path facts) {
        String json;
        try {
            json = Files.readString(facts);
        } catch (IOException e) {
            return console.refused(facts, "cannot be read: " + Trouble.told(e));
        }
        boolean lsblk = BlockDevices.isLsblk(json);
        BlockDevices machine = lsblk ? BlockDevices.ofLsblk(json) : BlockDevices.parse(json);
        return switch (Resolution.resolve(layout, bindings(), machine, diskMode())) {
            case Resolution.Unresolved no -> console.refused(facts, no.message() + (lsblk ? FEW_LINKS : ""));
            case Resolution.Resolved resolved -> {
                PlanReport report = report(layout, resolved, lsblk);
                yield console.done(
                        switch (form) {
                            case text -> report.text();
                            case json -> report.json();
                        });
            }
        };
    }

    private PlanReport report(Layout layout, Resolution.Resolved resolved, boolean lsblk) {
        Plan plan = Plan.of(layout, resolved, new DmiUuid(Objects.requireNonNullElse(machineUuid, "")), diskMode());
        List<String> warnings = NixosModule.otherPaths(layout, bindings());
        if (lsblk) {
            return PlanReport.of(plan, warnings, List.of(NO_PROBE), false);
        }
        return machineUuid == null
                ? PlanReport.of(plan, warnings, List.of(NO_MACHINE), false)
                : PlanReport.of(plan, warnings, List.of(), true);
    }

    private List<DiskBinding> bindings() {
        return disks.entrySet().stream()
                .map(disk -> new DiskBinding(disk.getKey(), disk.getValue(), null))
                .toList();
    }

    private DiskMode diskMode() {
        return switch (mode) {
            case DestroyFormatMount -> DiskMode.DESTROY_FORMAT_MOUNT;
            case FormatMount -> DiskMode.FORMAT_MOUNT;
            case Mount -> DiskMode.MOUNT;
        };
    }
}
