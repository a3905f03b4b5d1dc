package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.bench.Missing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts on real block devices: two loop devices, in a mount namespace of their own. Needs root and gdisk. */
class LayoutScriptsIT {
    private static final long SIZE = 512L << 20;
    private static final String LAYOUT =
            """
            disk:
              main:
                device: MAIN
                content:
                  type: gpt
                  partitions:
                    bios: {type: EF02, size: 1M, attributes: [2]}
                    swap: {size: 32M, content: {type: swap, priority: 5}}
                    root: {size: 200M, content: {type: filesystem, format: ext4, mountpoint: /}}
                    "a b": {size: 100%, content: {type: filesystem, format: ext4, mountpoint: "/var/a b", mountOptions: [noatime]}}
              data: {device: DATA, content: {type: filesystem, format: ext4, mountpoint: /var}}
            """;

    @TempDir
    Path dir;

    private final List<String> loops = new ArrayList<>();

    private record Ran(int code, String out) {}

    @BeforeEach
    void attach() throws Exception {
        for (String tool : List.of("losetup", "sgdisk", "mkfs.ext4", "partx", "unshare")) {
            if (sh("command -v " + tool).code() != 0
                    || sh("[ \"$(id -u)\" = 0 ]").code() != 0) {
                throw Missing.prerequisite("root and " + tool);
            }
        }
        for (String name : List.of("main", "data")) {
            Path file = dir.resolve(name + ".img");
            Ran ran = sh("truncate -s " + SIZE + " " + file + " && losetup --find --show " + file);
            if (ran.code() != 0) {
                throw Missing.prerequisite("loop devices: " + ran.out());
            }
            loops.add(ran.out().strip());
        }
    }

    @AfterEach
    void detach() throws Exception {
        for (String loop : loops) {
            sh("partx --delete " + loop + "; losetup --detach " + loop);
        }
    }

    private static Ran sh(String script) throws Exception {
        Process process =
                new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out);
    }

    /** Facts by hand: block-devices.sh leaves loop devices out. */
    private Scripts scripts(long size) {
        Layout layout = TestLayouts.layout(LAYOUT.replace("MAIN", loops.get(0)).replace("DATA", loops.get(1)));
        var disks = Map.of("main", loop(loops.get(0), size), "data", loop(loops.get(1), size));
        return Scripts.render(layout, new Resolution.Resolved(disks), DiskMode.DESTROY_FORMAT_MOUNT);
    }

    private static BlockDevice loop(String path, long size) {
        return new BlockDevice(
                path.substring("/dev/".length()),
                path,
                null,
                null,
                size,
                null,
                List.of(),
                null,
                true,
                false,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null);
    }

    private void write(Scripts scripts) throws Exception {
        Files.writeString(dir.resolve("destroy"), scripts.destroy());
        Files.writeString(dir.resolve("format"), scripts.format());
        Files.writeString(dir.resolve("look"), scripts.look());
        Files.writeString(dir.resolve("mount"), scripts.mount());
        Files.writeString(dir.resolve("unmount"), scripts.unmount());
    }

    /** Runs lines in a mount namespace of their own; {@code run X} runs the script X and prints its exit code. */
    private String lines(String lines) throws Exception {
        String main = loops.get(0);
        Path file = dir.resolve("test.sh");
        Files.writeString(
                file,
                "cd " + dir + "; mkdir -p /mnt; MAIN=" + main
                        + "; DATA=" + loops.get(1) + "\n"
                        + "run() { bash ./$1 >log 2>&1; echo \"$1 $?\"; grep '^::failed' log || true; }\n"
                        + lines);
        Ran ran = sh("unshare --mount bash " + file);
        return ran.out().replace(main, "MAIN").replace(loops.get(1), "DATA");
    }

    @Test
    void everythingTwice() throws Exception {
        write(scripts(SIZE));
        String out = lines(
                """
                ours() { grep -E "^($MAIN|$DATA)" || true; }
                ids() { for p in 1 2 3 4; do sgdisk --info=$p $MAIN | grep -E 'unique|name'; done; blkid -p -o value -s UUID ${MAIN}p2 ${MAIN}p4; }
                run destroy; run format; ids >one
                run format; ids >two; cmp one two && echo same
                run mount; run mount
                findmnt -rno SOURCE,TARGET,OPTIONS | ours | cut -d' ' -f2- | cut -d, -f1,2; grep -c ${MAIN}p /proc/swaps
                echo keep >/mnt/var/file
                run format; run unmount; run unmount
                findmnt -rno SOURCE | ours | wc -l; grep -c ${MAIN}p /proc/swaps
                run mount; cat /mnt/var/file; run destroy
                cmp -n 1048576 $MAIN /dev/zero && wipefs -n $MAIN && wipefs -n $DATA
                """);
        assertThat(out.lines())
                .containsExactly(
                        "destroy 0",
                        "format 0",
                        "format 0",
                        "same",
                        "mount 0",
                        "mount 0",
                        "/mnt rw,relatime",
                        "/mnt/var rw,relatime",
                        "/mnt/var/a\\x20b rw,noatime",
                        "1",
                        "format 0",
                        "unmount 0",
                        "unmount 0",
                        "0",
                        "0",
                        "mount 0",
                        "keep",
                        "destroy 0");
    }

    /** A crash leaves a journal to replay and an orphan to clear; mounting, even with ro and noload, would clear it. */
    @Test
    void aLookFindsTheMarkerAndWritesNothing() throws Exception {
        write(scripts(SIZE));
        String out = lines(
                """
                forget() { sync; blockdev --flushbufs $MAIN ${MAIN}p2; }
                run destroy; run format; run look; grep -c FORMAT log
                run mount; mkdir -p /mnt/nix/var/nixos-operator; echo FORMAT_DONE >/mnt/nix/var/nixos-operator/machine.json
                exec 5>/mnt/orphan; rm /mnt/orphan; echo more >/mnt/more; sync
                cp --sparse=always main.img crashed; exec 5>&-; run unmount
                cp crashed main.img; forget; dumpe2fs -h ${MAIN}p2 2>/dev/null | grep -oE 'needs_recovery|First orphan'
                run look; grep FORMAT log; forget; cmp crashed main.img && echo untouched
                findmnt -rn | grep -c ${MAIN}p; losetup --list --noheadings --output BACK-FILE | grep -c ${MAIN}p
                """);
        assertThat(out.lines())
                .containsExactly(
                        "destroy 0",
                        "format 0",
                        "look 0",
                        "0",
                        "mount 0",
                        "unmount 0",
                        "needs_recovery",
                        "First orphan",
                        "look 0",
                        "FORMAT_DONE",
                        "untouched",
                        "0",
                        "0");
    }

    @Test
    void whatIsThereAndDifferentIsNotOverwritten() throws Exception {
        write(scripts(SIZE));
        String out = lines(
                """
                run destroy; run format
                sgdisk --change-name=2:other $MAIN >/dev/null; run format
                sgdisk --change-name=2:disk-main-root $MAIN >/dev/null; run format
                wipefs -aq ${MAIN}p2; mkswap ${MAIN}p2 >/dev/null; run format
                mkdir elsewhere; mount $DATA elsewhere; run destroy; umount elsewhere
                blkid -p -o value -s TYPE $DATA
                run destroy
                mkfs.ext4 -q $MAIN; run format
                """);
        assertThat(out)
                .contains("partition 2 is named 'other', wanted is 'disk-main-root'")
                .contains("MAINp2 holds swap; wanted is ext4 or nothing")
                .contains("DATA is mounted on " + dir.resolve("elsewhere"))
                .contains("(MAIN) holds ext4; wanted is a GPT or nothing");
        assertThat(out.lines().filter(l -> l.matches("[a-z]+ [0-9]+")))
                .containsExactly(
                        "destroy 0",
                        "format 0",
                        "format 71",
                        "format 0",
                        "format 71",
                        "destroy 72",
                        "destroy 0",
                        "format 71");
    }

    @Test
    void anotherDiskIsNotTouched() throws Exception {
        write(scripts(SIZE + 512));
        String out = lines("mkfs.ext4 -q $MAIN; run destroy; run format; run mount; blkid -p -o value -s TYPE $MAIN");
        assertThat(out.lines().filter(l -> l.matches("[a-z]+ [0-9]+")))
                .containsExactly("destroy 70", "format 70", "mount 70");
        assertThat(out).contains("has 536870912 bytes, planned were 536871424").endsWith("ext4\n");
    }
}
