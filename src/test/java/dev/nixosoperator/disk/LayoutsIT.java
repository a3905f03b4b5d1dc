package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nixosoperator.bench.Lab;
import dev.nixosoperator.bench.LabVm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Layouts on the disks of a real machine, one after another: each goes through the life of {@code cycle.sh}, and what then is on the disks is
 * what {@code disks.txt} says; those of disko's examples were recorded from the scripts of the real disko. {@code -Dlayout=NAME,…} runs some,
 * {@code -Dlayout=all} all that have such a file, and both write the table of them, else those with what loop devices cannot do: {@link LayoutTypesIT} runs the rest.
 */
class LayoutsIT {
    private static final Path CASES = Path.of("src/test/resources/layouts");
    private static final List<String> ONLY_HERE = List.of("disko-lvm-thin", "pools-of-zfs", "pools-on-pools");
    private static final Path TABLE = Path.of("docs/disko-examples.md");
    private static final Path CYCLE = Path.of("src/test/resources/layout-cycle/cycle.sh");
    private static final Duration LIFE = Duration.ofMinutes(15);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> COLUMNS = List.of("partlabel", "parttype", "start", "size", "label");

    private static final String EXAMPLE = "disko-";
    private static final String HEAD =
            """
            # disko's examples on real disks

            Written by `mvn verify -Playouts`, which runs all of them, and by `mvn verify -Dit.test=LayoutsIT -Dlayout=disko-NAME,…`, which writes their rows. Each example, as a DiskLayout of our own, goes through its whole life on the disks of a virtual machine: destroyed,
            formatted twice, mounted twice, formatted while mounted with a file on it that survives, unmounted twice, looked at, formatted and mounted again, and
            destroyed while mounted. What stands on the disks when it is mounted first must be what the real disko (878ec37, Debian 13's tools) made of the same
            example on such disks: tables, types, labels, file systems, volumes, arrays, pools, datasets and mounts, recorded in
            `src/test/resources/layouts/disko-*/disks.txt`. The seconds are those of an emulated CPU. Debian has no tools for bcachefs.

            | example | result |
            |---|---|
            """;
    private static final Map<String, String> ROWS = new TreeMap<>();

    private static final List<Integer> SIZES = List.of(2, 4);

    private static @Nullable LabVm vm;
    private static int disks;

    static List<Path> cases() throws IOException {
        String wanted = wanted();
        try (Stream<Path> all = Files.list(CASES)) {
            return all.filter(dir -> Files.exists(dir.resolve("disks.txt")))
                    .filter(dir -> switch (wanted) {
                        case "all" -> true;
                        case "" -> ONLY_HERE.contains(dir.getFileName().toString());
                        default ->
                            List.of(wanted.split(","))
                                    .contains(dir.getFileName().toString());
                    })
                    .sorted(Comparator.comparingInt(LayoutsIT::disksOf).thenComparing(dir -> dir))
                    .toList();
        }
    }

    private static int disksOf(Path dir) {
        try {
            return layout(dir).disks().size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String wanted() {
        return System.getProperty("layout", "");
    }

    /** With no more disks than needed: udev is asked about each of them at every step. */
    private static LabVm machine(int atLeast) {
        if (atLeast > disks) {
            close();
            int wanted =
                    SIZES.stream().filter(size -> size >= atLeast).findFirst().orElse(atLeast);
            vm = LabVm.startInstaller(
                    LabVm.Firmware.BIOS, Collections.nCopies(wanted, "4G").toArray(String[]::new));
            disks = wanted;
            run("cd /tmp && printf secretsecret > secret.key && printf additionalSecret > additionalSecret.key"
                    + " && mkdir -p /run/keys && cp secret.key /run/keys/disk");
        }
        return Objects.requireNonNull(vm);
    }

    private static void close() {
        if (vm != null) {
            vm.close();
        }
    }

    @BeforeEach
    void atLeastTwoDisks() {
        machine(2);
    }

    @AfterAll
    static void end() throws IOException {
        if (!wanted().isEmpty()) {
            Files.writeString(TABLE, table(Files.readAllLines(TABLE)));
        }
        close();
    }

    private static String run(String command) {
        return Objects.requireNonNull(vm).exec(command, LIFE);
    }

    /** disko formats over it (fault 12 of the reference). */
    @Test
    void aForeignFileSystemIsNotMadeLuks() {
        send(
                "foreign",
                """
                disk:
                  main:
                    device: /dev/vdb
                    content: {type: luks, name: l, passwordFile: /tmp/secret.key, content: {type: filesystem, format: ext4, mountpoint: /}}
                """);
        assertThat(run("wipefs -aq /dev/vdb; mkfs.ext4 -q /dev/vdb; bash /root/foreign/format || echo exit $?;"
                        + " blkid -p -o value -s TYPE /dev/vdb; wipefs -aq /dev/vdb"))
                .contains("exit 71\next4");
    }

    /** disko says that it makes no pool then, goes on, and fails at its first dataset (fault 16 of the reference). */
    @Test
    void aForeignFileSystemIsNoMemberOfAPool() {
        send(
                "member",
                """
                disk:
                  a: {device: /dev/vdb, content: {type: zfs, pool: tank}}
                  b: {device: /dev/vdc, content: {type: zfs, pool: tank}}
                zpool: {tank: {mountpoint: /}}
                """);
        assertThat(run(
                        "wipefs -aq /dev/vdb /dev/vdc; mkfs.ext4 -q /dev/vdc; bash /root/member/format 2>&1 || echo exit $?;"
                                + " blkid -p -o value -s TYPE /dev/vdc; wipefs -n /dev/vdb; wipefs -aq /dev/vdc"))
                .contains("/dev/vdc holds ext4; wanted is a member of the pool tank")
                .endsWith("exit 71\next4");
    }

    /** disko activates and deactivates the volume groups of the whole machine (fault 14 of the reference). */
    @Test
    void groupsAndPoolsOfOtherDisksAreLeftAlone() {
        send(
                "mine",
                """
                disk:
                  a:
                    device: /dev/vdb
                    content:
                      type: gpt
                      partitions:
                        pv: {size: 500M, content: {type: lvm_pv, vg: mine}}
                        zfs: {size: 500M, content: {type: zfs, pool: minetoo}}
                lvm_vg: {mine: {type: lvm_vg, lvs: {root: {size: 100%, content: {type: filesystem, format: ext4, mountpoint: /}}}}}
                zpool: {minetoo: {mountpoint: /data}}
                """);
        assertThat(
                        run(
                                """
                        cd /root/mine; sgdisk --zap-all /dev/vdc >/dev/null; sgdisk -n1:0:+500M -n2:0:+500M /dev/vdc >/dev/null; partprobe /dev/vdc; udevadm settle
                        pvcreate -qqy /dev/vdc1; vgcreate -qq other /dev/vdc1; lvcreate -qq -Wn -L 100M -n lv other; zpool create -f -m /other pool /dev/vdc2
                        for script in destroy format mount unmount destroy; do bash ./$script >log 2>&1; echo $script $?; done
                        ls /dev/other/lv; zpool list -H -o name; findmnt -n -o SOURCE /other
                        zpool destroy pool; vgchange -qq -an other; vgremove -qqy other; wipefs -aqf /dev/vdc1 /dev/vdc2 /dev/vdc"""))
                .isEqualTo("destroy 0\nformat 0\nmount 0\nunmount 0\ndestroy 0\n/dev/other/lv\npool\npool");
    }

    @Test
    void aPoolThatAlsoStandsOnAnotherDiskKeepsItsDisks() {
        send("half", "disk: {a: {device: /dev/vdb, content: {type: filesystem, format: ext4, mountpoint: /}}}");
        assertThat(
                        run(
                                """
                        zpool create -f -R /mnt both /dev/vdb /dev/vdc; bash /root/half/destroy 2>&1 || echo exit $?; zpool list -H -o name,health
                        zpool destroy both; for d in /dev/vdb /dev/vdc; do wipefs -aqf ${d}1 ${d}9 $d; partprobe $d; done"""))
                .contains("the pool both also stands on /dev/vdc1, which is not planned")
                .endsWith("exit 72\nboth\tONLINE");
    }

    /** With its metadata at the end an array begins where its members do, here at the rest of a table for another size. */
    @Test
    void whatShowsThroughANewArrayIsNoTable() {
        send(
                "array",
                """
                disk:
                  a: {device: /dev/vdb, content: {type: gpt, partitions: {md: {size: 200M, content: {type: mdraid, name: array}}}}}
                  b: {device: /dev/vdc, content: {type: gpt, partitions: {md: {size: 200M, content: {type: mdraid, name: array}}}}}
                mdadm:
                  array: {type: mdadm, metadata: "1.0", content: {type: gpt, partitions: {root: {size: 100%, content: {type: filesystem, format: ext4, mountpoint: /}}}}}
                """);
        assertThat(
                        run(
                                """
                        cd /root/array; truncate -s 500M table; sgdisk -n1:0:0 table >/dev/null; dd if=table of=/dev/vdb bs=1M count=1 seek=1 status=none
                        for script in format destroy; do bash ./$script >log 2>&1 || { echo $?; tail -n 3 log; }; echo $script; done"""))
                .isEqualTo("format\ndestroy");
    }

    private static final String INSTALLED =
            """
            disk:
              a:
                device: /dev/vdb
                content:
                  type: gpt
                  partitions:
                    root: {size: 300M, content: {type: filesystem, format: ext4, mountpoint: /}}
                    array: {size: 200M, content: {type: mdraid, name: both}}
                    crypt: {size: 300M, content: {type: luks, name: c, passwordFile: /tmp/secret.key, content: {type: btrfs, subvolumes: {one: {mountpoint: /one}}}}}
                    z: {size: 500M, priority: 9001, content: {type: luks, name: z, passwordFile: /run/keys/z, content: {type: zfs, pool: tank}}}
              b:
                device: /dev/vdc
                content:
                  type: gpt
                  partitions:
                    array: {size: 200M, content: {type: mdraid, name: both}}
                    pv: {size: 500M, priority: 9001, content: {type: lvm_pv, vg: group}}
            mdadm: {both: {type: mdadm, content: {type: gpt, partitions: {one: {size: 50M, content: {type: filesystem, format: ext4, mountpoint: /array}}}}}}
            lvm_vg: {group: {type: lvm_vg, lvs: {kept: {size: 200M, content: {type: filesystem, format: ext4, mountpoint: /kept}}}}}
            zpool: {tank: {type: zpool, datasets: {kept: {type: zfs_fs, mountpoint: /pool}, volume: {type: zfs_volume, size: 64M, content: {type: filesystem, format: ext4, mountpoint: /volume}}}}}
            """;

    /** {@code changePolicy: ApplyAdditive}, with what loop devices cannot show: see {@link LayoutScriptsIT}. */
    @Test
    void whatIsMissingIsAddedToASystemThatRuns() throws IOException {
        send("installed", INSTALLED);
        Layout wanted = TestLayouts.layout(
                INSTALLED
                        .replace("size: 500M", "size: 100%")
                        .replace("one: {mountpoint: /one}", "one: {mountpoint: /one}, two: {}")
                        .replace(
                                "lvs: {",
                                "lvs: {home: {size: 600M, content: {type: filesystem, format: ext4}}, swap: {size: 64M, content: {type: swap}}, ")
                        .replace("one: {size: 50M", "two: {size: 50M, content: {type: swap}}, one: {size: 50M")
                        .replace(
                                "datasets: {",
                                "datasets: {more: {type: zfs_fs}, swap: {type: zfs_volume, size: 64M, content: {type: swap}}, "));
        put("/root/facts", Files.readString(Path.of("src/main/resources/dev/nixosoperator/remote/block-devices.sh")));
        assertThat(
                        run(
                                """
                        cd /root/installed; cp /tmp/secret.key /run/keys/z; for script in destroy format mount; do bash ./$script >log 2>&1; echo $script $?; done
                        for d in one kept pool array volume; do echo keep >/mnt/$d/file; done"""))
                .isEqualTo("destroy 0\nformat 0\nmount 0");
        Drift drift = drift(wanted);
        assertThat(drift.lasting()).isEmpty();
        assertThat(drift.findings())
                .extracting(Finding::path)
                .containsExactly(
                        "spec.devices.disk.a.content.partitions.crypt.content.content.subvolumes.two",
                        "spec.devices.disk.a.content.partitions.z",
                        "spec.devices.disk.b.content.partitions.pv",
                        "spec.devices.lvm_vg.group.lvs.home",
                        "spec.devices.lvm_vg.group.lvs.swap",
                        "spec.devices.mdadm.both.content.partitions.two",
                        "spec.devices.zpool.tank.datasets.more",
                        "spec.devices.zpool.tank.datasets.swap");
        put("/root/add", drift.additions().orElseThrow().script());
        assertThat(
                        run(
                                """
                        for i in 1 2; do cp /tmp/secret.key /run/keys/z; NIXOS_OPERATOR_STATE=/tmp/state bash /root/add >/root/log 2>&1; echo add $?; grep ^::failed /root/log; done; ls /tmp/state
                        for d in one kept pool array volume; do cat /mnt/$d/file; done; [ -e /run/keys/z ] || echo the key is gone
                        [ $(zpool list -Hp -o size tank) -gt 3000000000 ] && [ $(pvs --noheadings --nosuffix --units b -o pv_size /dev/vdc2) -gt 4000000000 ] && echo grown
                        blkid -p -o value -s TYPE /dev/group/home /dev/group/swap /dev/zvol/tank/swap /dev/md/both2; zfs list -H -o name"""))
                .isEqualTo(
                        "add 0\nadd 0\nkeep\nkeep\nkeep\nkeep\nkeep\nthe key is gone\ngrown\next4\nswap\nswap\nswap\ntank\ntank/kept\ntank/more\ntank/swap\ntank/volume");
        assertThat(drift(wanted).isSettled()).isTrue();
        assertThat(drift(TestLayouts.layout(INSTALLED.replace(
                                "format: ext4, mountpoint: /array", "format: xfs, mountpoint: /array")))
                        .lasting())
                .extracting(Finding::path)
                .contains("spec.devices.mdadm.both.content.partitions.one.content");
        assertThat(
                        run(
                                "cd /root/installed; cp /tmp/secret.key /run/keys/z; for script in unmount destroy; do bash ./$script >log 2>&1; echo $script $?; done"))
                .isEqualTo("unmount 0\ndestroy 0");
    }

    /** /mnt passes for the root. */
    private static Drift drift(Layout layout) {
        return Drift.of(
                layout,
                List.of(),
                BlockDevices.parse(run("sh /root/facts unprobed").replaceAll("(\"(?:[0-9]+ )?)/mnt/?", "$1/")));
    }

    /** All scripts of a layout, in a directory below /root. */
    private static void send(String name, String yaml) {
        send(name, Scripts.ofPaths(TestLayouts.layout(yaml)));
    }

    private static String send(String name, Scripts scripts) {
        String place = "/root/" + name;
        Map.of(
                        "destroy", scripts.destroy(),
                        "format", scripts.format(),
                        "look", scripts.look(),
                        "mount", scripts.mount(),
                        "unmount", scripts.unmount())
                .forEach((script, text) -> put(place + "/" + script, text));
        return place;
    }

    private static void put(String path, String text) {
        String base64 = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        run("mkdir -p $(dirname %1$s) && echo %2$s | base64 -d > %1$s".formatted(path, base64));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isWhatDiskoMakesOfIt(Path dir) throws IOException {
        machine(disksOf(dir));
        String name = dir.getFileName().toString();
        String place = send(name, Scripts.ofPaths(layout(dir)));
        put(place + "/cycle.sh", Files.readString(CYCLE));
        ROWS.put(name, "failed");
        String nodes =
                IntStream.range(0, disksOf(dir)).mapToObj(LayoutsIT::device).collect(Collectors.joining(" "));
        Instant start = Instant.now();
        String said = Lab.step(name, () -> run("bash " + place + "/cycle.sh " + place + " " + nodes));
        assertThat(said.lines())
                .contains("destroy 0", "format 0", "mount 0", "unmount 0", "look 0")
                .allMatch(line -> line.matches(".* 0|.*: same|mounted .*"));
        String seen = seen(run("cat " + place + "/seen.json")) + pools(run("cat " + place + "/seen.zfs"));
        assertThat(named(seen)).isEqualTo(named(Files.readString(dir.resolve("disks.txt"))));
        ROWS.put(name, "as disko, " + Duration.between(start, Instant.now()).toSeconds() + " s");
    }

    /** Where ZFS gets a whole disk it names its partition at random. */
    private static String named(String disks) {
        return disks.replaceAll("partlabel=zfs-[0-9a-f]{16} ", "partlabel=zfs-RANDOM ");
    }

    /** What did not run now is as it was. */
    private static String table(List<String> before) throws IOException {
        Map<String, String> rows = before.stream()
                .map(line -> line.split(" \\| |^\\| | \\|$"))
                .filter(cells -> cells.length == 3)
                .collect(Collectors.toMap(cells -> EXAMPLE + cells[1], cells -> cells[2]));
        rows.putAll(ROWS);
        var table = new StringBuilder(HEAD);
        try (Stream<Path> all = Files.list(CASES)) {
            all.map(dir -> dir.getFileName().toString())
                    .filter(name -> name.startsWith(EXAMPLE))
                    .sorted()
                    .forEach(name -> table.append("| ")
                            .append(name.substring(EXAMPLE.length()))
                            .append(" | ")
                            .append(rows.getOrDefault(name, "not run"))
                            .append(" |\n"));
        }
        return table.toString();
    }

    /** The disks in the order of their names, as for the recorded runs. */
    private static Layout layout(Path dir) throws IOException {
        JsonNode tree = TestLayouts.tree(Files.readString(dir.resolve("layout.yaml")));
        List<String> names = tree.path("disk").properties().stream()
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        String text = tree.toString();
        for (String name : names) {
            text = text.replace(
                    tree.path("disk").path(name).path("device").toString(), "\"@" + names.indexOf(name) + "\"");
        }
        for (int i = 0; i < names.size(); i++) {
            text = text.replace("\"@" + i + "\"", "\"" + device(i) + "\"");
        }
        return Objects.requireNonNull(Layout.parse(JSON.readTree(text)).layout());
    }

    private static String device(int index) {
        return "/dev/vd" + (char) ('b' + index);
    }

    /** lsblk's tree, a line a device. Swap that is switched on is left out: disko does not switch it on. */
    private static String seen(String lsblk) throws IOException {
        List<String> lines = new ArrayList<>();
        JSON.readTree(lsblk).path("blockdevices").forEach(disk -> {
            if (disk.has("children") || !disk.path("fstype").isNull()) {
                line(disk, "", lines);
            }
        });
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** The devices of the pools as a tree, then the datasets. */
    private static String pools(String said) {
        return said.lines()
                .filter(line -> !line.startsWith("\tNAME"))
                .map(line -> line.startsWith("\t")
                        ? "pool: " + line.substring(1).replaceFirst("(\\S)\\s.*", "$1")
                        : line.replace('\t', ' '))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static void line(JsonNode node, String indent, List<String> lines) {
        String mounted = Stream.of(node.path("mountpoints"))
                .flatMap(all -> all.valueStream())
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(path -> path.startsWith("/"))
                .sorted()
                .collect(Collectors.joining(","));
        lines.add(indent + node.path("name").asText() + " " + node.path("type").asText() + " "
                + node.path("fstype").asText("-").replace("null", "-")
                + COLUMNS.stream()
                        .filter(column -> !node.path(column).isNull())
                        .map(column -> " " + column + "=" + node.path(column).asText())
                        .collect(Collectors.joining())
                + (mounted.isEmpty() ? "" : " mounted=" + mounted));
        node.path("children").forEach(child -> line(child, indent + "  ", lines));
    }
}
