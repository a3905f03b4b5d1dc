package dev.nixosoperator.disk;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns the tree into scripts: a fixed prelude of functions, then one call a line. */
final class ScriptWriter {
    /** What comes after this line is the layout's; before it stands the prelude, the same in every script. */
    static final String BORDER = "# ---- from the layout ----";

    private static final String PRELUDE = prelude();

    private final Layout layout;
    private final DiskMode mode;
    private final BiFunction<String, String, Command> lookup;

    /** @param lookup of a disk's name and reference: the call that finds the disk and checks that it is the right one */
    private ScriptWriter(Layout layout, DiskMode mode, BiFunction<String, String, Command> lookup) {
        this.layout = layout;
        this.mode = mode;
        this.lookup = lookup;
    }

    ScriptWriter(Layout layout, Resolution.Resolved resolved, DiskMode mode) {
        this(layout, mode, (name, ref) -> planned(name, ref, resolved.disks().get(name)));
    }

    static ScriptWriter ofPaths(Layout layout) {
        return new ScriptWriter(
                layout,
                DiskMode.DESTROY_FORMAT_MOUNT,
                (name, ref) -> named(name, ref, layout.byName().get(name)));
    }

    /** For comparison alone: nothing is looked up, so no device need be known. */
    static ScriptWriter ofNames(Layout layout) {
        return new ScriptWriter(layout, DiskMode.DESTROY_FORMAT_MOUNT, (name, ref) -> {
            Disk disk = layout.byName().get(name);
            return Command.of("disk", ref, name, String.valueOf(disk == null ? null : disk.device()));
        });
    }

    Scripts scripts() {
        String destroy = mode == DiskMode.DESTROY_FORMAT_MOUNT ? destroy() : refusal("destroy");
        String format = mode == DiskMode.MOUNT ? refusal("format") : format();
        return new Scripts(destroy, format, look(), mount(), unmount());
    }

    private String refusal(String script) {
        return script("refuse", List.of(), List.of(), Command.of("refuse", script, mode.name()));
    }

    private String destroy() {
        List<Step> steps = new ArrayList<>();
        List<String> wiped = new ArrayList<>();
        Map<String, String> refs = refs();
        layout.byName().forEach((name, disk) -> {
            if (disk.destroy()) {
                wiped.add(refs.getOrDefault(name, ""));
            }
        });
        if (!wiped.isEmpty()) {
            steps.add(Step.of("release the disks", Command.of("release_disks").with(wiped)));
        }
        layout.byName().forEach((name, disk) -> {
            if (disk.destroy()) {
                steps.add(Step.of("disk " + name + ": wipe", Command.of("wipe_disk", refs.getOrDefault(name, ""))));
            }
        });
        // What the format lacks must be told while there is something to lose.
        Set<String> tools = new TreeSet<>(layout.tools());
        tools.addAll(List.of("sgdisk", "wipefs", "partx"));
        return script("destroy", List.copyOf(tools), steps, keys(true));
    }

    private String format() {
        List<Step> steps = layout.trees()
                .flatMap(tree -> tree.create(layout.preserved()::has))
                .toList();
        List<String> tools = new ArrayList<>(layout.tools());
        return script("format", tools, steps, keys(true));
    }

    private String look() {
        Location marker = layout.locate(Scripts.MARKER);
        List<Step> steps = marker.opens(layout.trees().toList()).stream()
                .flatMap(t -> t.content().look(t.on(), marker.path()))
                .toList();
        return script("look", mountTools(), steps, keys(false));
    }

    private String mount() {
        return script("mount", mountTools(), new Activations(layout).up(), keys(false));
    }

    private String unmount() {
        return script("unmount", mountTools(), new Activations(layout).down());
    }

    /** For a system that runs: nothing is mounted, and keys are gone at its end. */
    Additions additions(Addition all, List<String> paths) {
        List<String> tools = Stream.concat(
                        Scripts.TOOLS.stream().filter(tool -> !tool.equals("sgdisk")), all.tools().stream())
                .distinct()
                .toList();
        List<Step> steps = new ArrayList<>(all.steps());
        List<String> keys = all.keys().stream()
                .filter(key -> !key.isOnDevice())
                .map(KeyFile::path)
                .distinct()
                .toList();
        if (!paths.isEmpty()) {
            steps.addFirst(Step.of("begin", Command.of("addition_begins").with(paths)));
        }
        steps.addLast(Step.of("end", Command.of("addition_ends")));
        return new Additions(script("add", keys, tools, steps, keys(all.keys().stream())), keys);
    }

    private List<String> mountTools() {
        return layout.tools().stream()
                .filter(t -> !t.startsWith("mk") && !t.equals("sgdisk"))
                .toList();
    }

    /** Checks that run before the first write. */
    private Command[] keys(boolean all) {
        return keys(layout.walk().flatMap(t -> t.content().keyFiles().stream().limit(all ? Long.MAX_VALUE : 1)));
    }

    private static Command[] keys(Stream<KeyFile> files) {
        return files.map(k -> Command.of("need_key", k.form().word(), k.path())
                        .with(
                                k.offset() == 0 && k.size() == 0
                                        ? List.of()
                                        : List.of(Long.toString(k.offset()), Long.toString(k.size()))))
                .distinct()
                .toArray(Command[]::new);
    }

    private Map<String, String> refs() {
        Map<String, String> refs = new TreeMap<>();
        layout.byName().keySet().forEach(name -> refs.put(name, "d" + (refs.size() + 1)));
        return refs;
    }

    private String script(String name, List<String> tools, List<Step> steps, Command... checks) {
        return script(name, List.of(), tools, steps, checks);
    }

    /** {@code remove}: files that are gone when it ends, however it ends. */
    private String script(String name, List<String> remove, List<String> tools, List<Step> steps, Command... checks) {
        var text = new StringBuilder(PRELUDE).append(BORDER).append('\n');
        line(text, Command.of("begin", name).with(remove));
        if (!tools.isEmpty()) {
            line(text, Command.of("need").with(tools.stream().sorted().toList()));
        }
        if (!name.equals("refuse")) {
            refs().forEach((disk, ref) -> line(text, lookup.apply(disk, ref)));
        }
        for (Command check : checks) {
            line(text, check);
        }
        int number = 0;
        for (Step step : steps) {
            number++;
            line(text, Command.of("step", number + "/" + steps.size(), step.what()));
            step.commands().forEach(c -> line(text, c));
        }
        line(text, Command.of("finish"));
        return text.toString();
    }

    private static Command planned(String name, String ref, @Nullable BlockDevice device) {
        if (device == null) {
            throw new IllegalArgumentException("the resolution is of another layout: no disk " + name);
        }
        return Command.of(
                "disk",
                ref,
                name,
                device.stablePath(),
                Identity.serial(device.serial()),
                Identity.wwn(device.wwn()),
                Long.toString(device.size()));
    }

    private static Command named(String name, String ref, @Nullable Disk disk) {
        if (disk == null || disk.device() == null) {
            throw new IllegalArgumentException("no device is known for disk " + name);
        }
        return Command.of("disk_at", ref, name, disk.device());
    }

    private static void line(StringBuilder text, Command command) {
        text.append(command.render()).append('\n');
    }

    private static String prelude() {
        try (InputStream in = ScriptWriter.class.getResourceAsStream("prelude.bash")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
