package dev.nixosoperator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.nixosoperator.disk.DiskoModule;
import dev.nixosoperator.disk.Finding;
import dev.nixosoperator.disk.Layout;
import dev.nixosoperator.disk.NixosModule;
import dev.nixosoperator.disk.Scripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes what a layout comes to, for people who use it without the operator or want to see it. */
@Command(
        name = "render",
        mixinStandardHelpOptions = true,
        description = {
            "Writes what a layout comes to: destroy.sh, format.sh, mount.sh and unmount.sh for the installer (bash, run as"
                    + " root, under /mnt), filesystems.nix (plain NixOS), disko.nix (for users of disko) and nixos.json (the"
                    + " same as filesystems.nix).",
            "The scripts work on the disks at the paths that the layout names, whatever these are: the checks that the"
                    + " operator makes of serial number, WWN and size need the machine."
        })
public final class RenderCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "LAYOUT",
            description = "DiskLayout, or a tree of disko.devices; YAML or JSON; - is standard input.")
    private Path layoutFile = Path.of("");

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "Where the files are written; made if it is not there.")
    private Path directory = Path.of("");

    @Option(
            names = "--disk",
            paramLabel = "NAME=DEVICE",
            description = "Device of a disk of the layout; wins over the layout. May be given several times.")
    private Map<String, String> disks = new TreeMap<>();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Console console = Console.of(spec);
        LayoutFile file = LayoutFile.read(layoutFile);
        if (file.devices() == null) {
            return console.refused(file.mistakes());
        }
        Layout.Parsed parsed = Layout.parse(withDisks(file.devices()));
        Layout layout = parsed.layout();
        List<Finding> findings = layout == null ? parsed.findings() : devicesMissing(layout);
        if (layout == null || !findings.isEmpty()) {
            return console.refused(layoutFile, findings);
        }
        try {
            return console.done(write(layout));
        } catch (IOException e) {
            return console.refused(directory, "cannot be written: " + Trouble.told(e));
        }
    }

    /** As if the layout named them. */
    private JsonNode withDisks(JsonNode devices) {
        JsonNode copy = devices.deepCopy();
        disks.forEach((name, device) -> {
            if (copy.path("disk").path(name) instanceof ObjectNode disk) {
                disk.put("device", device);
            }
        });
        return copy;
    }

    private List<Finding> devicesMissing(Layout layout) {
        List<String> names =
                layout.disks().stream().map(Layout.LogicalDisk::name).toList();
        Stream<Finding> unknown = disks.keySet().stream()
                .filter(name -> !names.contains(name))
                .map(name -> new Finding(
                        "", "--disk names %s, but the layout has only: %s".formatted(name, String.join(", ", names))));
        // only a machine can tell which disk a selector means
        Stream<Finding> missing = layout.disks().stream()
                .filter(disk -> disk.device() == null)
                .map(disk -> new Finding(
                        "spec.devices.disk." + disk.name() + ".device",
                        "missing; the scripts need it: give --disk %s=/dev/disk/by-id/…".formatted(disk.name())));
        return Stream.concat(unknown, missing).toList();
    }

    /** The files' paths, one a line. */
    private String write(Layout layout) throws IOException {
        var written = new StringBuilder();
        Files.createDirectories(directory);
        for (Map.Entry<String, String> file : files(layout).entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.writeString(path, file.getValue());
            if (file.getKey().endsWith(".sh")) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            written.append(path).append('\n');
        }
        return written.toString();
    }

    private static Map<String, String> files(Layout layout) {
        Scripts scripts = Scripts.ofPaths(layout);
        Map<String, String> files = new TreeMap<>();
        files.put("destroy.sh", scripts.destroy());
        files.put("format.sh", scripts.format());
        files.put("mount.sh", scripts.mount());
        files.put("unmount.sh", scripts.unmount());
        files.put("filesystems.nix", NixosModule.filesystemsNix(layout));
        files.put("disko.nix", DiskoModule.nix(layout));
        files.put("nixos.json", NixosModule.nixosJson(layout));
        return files;
    }
}
