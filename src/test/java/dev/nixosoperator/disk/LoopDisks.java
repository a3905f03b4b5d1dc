package dev.nixosoperator.disk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nixosoperator.bench.Missing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/** Loop devices as disks of this machine, and scripts that run on them in a mount namespace of their own. Needs root. */
final class LoopDisks implements AutoCloseable {
    /** Who holds it runs beside other tests, for sgdisk mostly sleeps, but beside no other loop devices. */
    static final String LOCK = "loop devices";

    private final Path dir;
    private final long size;
    private final List<String> loops = new ArrayList<>();

    record Ran(int code, String out) {}

    /** {@code count} disks of {@code size} bytes in {@code dir}; not run where a tool is missing. */
    LoopDisks(Path dir, int count, long size, List<String> tools) throws IOException {
        this.dir = dir;
        this.size = size;
        for (String tool : tools) {
            require(tool);
        }
        for (int i = 1; i <= count; i++) {
            Path file = dir.resolve("disk" + i + ".img");
            Ran ran = sh("truncate -s " + size + " " + file + " && losetup --find --show " + file);
            if (ran.code() != 0) {
                throw Missing.prerequisite("loop devices: " + ran.out());
            }
            loops.add(ran.out().strip());
        }
    }

    static void require(String tool) throws IOException {
        if (sh("command -v " + tool).code() != 0 || sh("[ \"$(id -u)\" = 0 ]").code() != 0) {
            throw Missing.prerequisite("root and " + tool);
        }
    }

    private static Ran sh(String script) throws IOException {
        Process process =
                new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.onExit().join().exitValue(), out);
    }

    /** The scripts of a layout that calls the disks DISK1, DISK2 …, as files. Facts by hand: block-devices.sh leaves loop devices out. */
    Layout write(String yaml) throws IOException {
        return write(yaml, size);
    }

    /** As if the disks had {@code planned} bytes. */
    Layout write(String yaml, long planned) throws IOException {
        Layout layout = layout(yaml);
        var disks = new TreeMap<String, BlockDevice>();
        for (Layout.LogicalDisk disk : layout.disks()) {
            String device = String.valueOf(disk.device());
            disks.put(disk.name(), TestFacts.nameless(device.substring("/dev/".length()), planned));
        }
        write(Scripts.render(layout, new Resolution.Resolved(disks), DiskMode.DESTROY_FORMAT_MOUNT));
        return layout;
    }

    /** As {@code render} writes them without facts. */
    void writeOfPaths(String yaml) throws IOException {
        write(Scripts.ofPaths(layout(yaml)));
    }

    private Layout layout(String yaml) {
        String text = yaml;
        for (int i = loops.size(); i > 0; i--) {
            text = text.replace("DISK" + i, loops.get(i - 1));
        }
        return TestLayouts.layout(text);
    }

    /**
     * What {@code lines} made of {@code block-devices.sh unprobed > facts}, compared with a layout; what it adds becomes the script {@code add}.
     * Loop devices pass for disks there, /mnt for the root; what udev would remember of them is written for lsblk.
     */
    Drift compare(String yaml) throws IOException {
        String facts = Files.readString(dir.resolve("facts"))
                .replaceAll("(\"kname\": ?\")loop", "$1disk-loop")
                .replaceAll("(\"type\": ?\")loop", "$1disk")
                .replaceAll("(\"(?:[0-9]+ )?)/mnt/?", "$1/");
        JsonNode machine = new ObjectMapper().readTree(facts);
        // Those of other tests are of the same size and have the same labels.
        Iterator<JsonNode> devices = machine.path("lsblk").path("blockdevices").elements();
        while (devices.hasNext()) {
            if (!loops.contains(devices.next().path("path").asText())) {
                devices.remove();
            }
        }
        Drift drift = Drift.of(layout(yaml), List.of(), BlockDevices.parse(machine.toString()));
        Files.writeString(
                dir.resolve("add"), drift.additions().map(Additions::script).orElse("exit 99"));
        return drift;
    }

    private void write(Scripts scripts) throws IOException {
        Files.writeString(dir.resolve("destroy"), scripts.destroy());
        Files.writeString(dir.resolve("format"), scripts.format());
        Files.writeString(dir.resolve("look"), scripts.look());
        Files.writeString(dir.resolve("mount"), scripts.mount());
        Files.writeString(dir.resolve("unmount"), scripts.unmount());
    }

    /** Runs lines of bash; {@code run X} runs the script X and prints its exit code, $DISK1 … are the disks. */
    String lines(String lines) throws IOException {
        var text = new StringBuilder("cd " + dir + "; mkdir -p /mnt\n");
        for (int i = 1; i <= loops.size(); i++) {
            text.append("DISK").append(i).append('=').append(loops.get(i - 1)).append('\n');
        }
        text.append("export NIXOS_OPERATOR_STATE=").append(dir.resolve("state")).append('\n');
        Path facts = Path.of("src/main/resources/dev/nixosoperator/remote/block-devices.sh")
                .toAbsolutePath();
        text.append(
                """
                facts() {
                	mkdir -p /run/udev; mount -t tmpfs udev /run/udev; mkdir /run/udev/data
                	for disk in LOOPS; do
                		for d in $disk ${disk}p*; do
                			[ ! -b $d ] || { echo I:1; blkid -p -o udev $d | sed 's/^/E:/'; } >/run/udev/data/b$(lsblk -dno MAJ:MIN $d | tr -d ' ')
                		done
                	done
                	sh SCRIPT unprobed "$@" >facts; umount /run/udev
                }
                """
                        .replace("LOOPS", String.join(" ", loops))
                        .replace("SCRIPT", facts.toString()));
        text.append("run() { bash ./$1 $2 >log 2>&1; echo \"$1 $?\"; grep '^::failed' log || true; }\n");
        return inNamespace(text + lines);
    }

    /** The whole life of a layout, see {@code cycle.sh}. */
    List<String> cycle() throws IOException {
        Path cycle = Path.of("src/test/resources/layout-cycle/cycle.sh").toAbsolutePath();
        return inNamespace("bash " + cycle + " " + dir + " " + String.join(" ", loops))
                .lines()
                .toList();
    }

    private String inNamespace(String bash) throws IOException {
        Path file = dir.resolve("test.sh");
        Files.writeString(file, bash);
        String out = sh("unshare --mount bash " + file).out();
        for (int i = loops.size(); i > 0; i--) {
            out = out.replace(loops.get(i - 1), "DISK" + i);
        }
        return out;
    }

    @Override
    public void close() throws IOException {
        for (String loop : loops) {
            sh("partx --delete " + loop + "; losetup --detach " + loop);
        }
    }
}
