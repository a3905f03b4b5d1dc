package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of an installed machine that is not as its layout says. */
class DriftTest {
    private static final String LAYOUT =
            """
            disk:
              main:
                device: /dev/vda
                content:
                  type: gpt
                  partitions:
                    ESP: {size: 500M, type: EF00, content: {type: filesystem, format: vfat, mountpoint: /boot, mountOptions: [noauto]}}
                    swap: {size: 1G, content: {type: swap}}
                    pv: {size: 10G, content: {type: lvm_pv, vg: pool}}
                    crypt: {size: 100%, priority: 9000, content: {type: luks, name: c, content: {type: filesystem, format: ext4, mountpoint: /secret}, passwordFile: /k}}
              data: {device: /dev/vdb, content: {type: filesystem, format: xfs, mountpoint: /data}}
            lvm_vg:
              pool: {type: lvm_vg, lvs: {root-1: {size: 5G, content: {type: filesystem, format: ext4, mountpoint: /}}}}
            """;

    /** As {@code block-devices.sh unprobed} prints it. */
    private static final String MACHINE =
            """
            {"version":1,"probes":null,"links":[],"lsblk":{"blockdevices":[
              {"name":"vda","kname":"vda","path":"/dev/vda","type":"disk","size":64424509440,"serial":"A","fstype":null,"pttype":"gpt","ptuuid":"t","mountpoint":null,"children":[
                {"name":"vda1","kname":"vda1","path":"/dev/vda1","type":"part","size":524288000,"fstype":"vfat","partlabel":"disk-main-ESP","mountpoint":null},
                {"name":"vda3","kname":"vda3","path":"/dev/vda3","type":"part","size":1073741824,"fstype":"swap","partlabel":"disk-main-swap","mountpoint":"[SWAP]"},
                {"name":"vda2","kname":"vda2","path":"/dev/vda2","type":"part","size":10737418240,"fstype":"LVM2_member","partlabel":"disk-main-pv","mountpoint":null,"children":[
                  {"name":"pool-root--1","kname":"dm-0","path":"/dev/dm-0","type":"lvm","size":5368709120,"fstype":"ext4","mountpoint":"/"}]},
                {"name":"vda4","kname":"vda4","path":"/dev/vda4","type":"part","size":10737418240,"fstype":"crypto_LUKS","partlabel":"disk-main-crypt","mountpoint":null}]},
              {"name":"vdb","kname":"vdb","path":"/dev/vdb","type":"disk","size":64424509440,"serial":"B","fstype":"xfs","pttype":null,"mountpoint":"/data"}]}}
            """;

    private static Drift compared(String layout, String machine) {
        return Drift.of(TestLayouts.layout(layout), List.of(), BlockDevices.parse(machine));
    }

    private static List<String> drift(String machine) {
        return compared(LAYOUT, machine).findings().stream()
                .map(Finding::toString)
                .toList();
    }

    @Test
    void aMachineAsTheLayoutSaysDoesNotDiffer() {
        assertThat(drift(MACHINE)).isEmpty();
    }

    /** What an initrd without udev opened. */
    @Test
    void theKernelKnowsWhatIsMountedWhereUdevDoesNot() {
        String unknown = MACHINE.replace(
                "\"type\":\"lvm\",\"size\":5368709120,\"fstype\":\"ext4\"",
                "\"type\":\"lvm\",\"size\":5368709120,\"fstype\":null");
        String begin = "\"version\":1,";
        assertThat(drift(unknown)).singleElement().asString().contains("found nothing on the machine");
        assertThat(drift(unknown.replace(begin, begin + "\"mounted\":[{\"kname\":\"dm-0\",\"fstype\":\"ext4\"}],")))
                .isEmpty();
        assertThat(drift(unknown.replace(begin, begin + "\"mounted\":[{\"kname\":\"dm-0\",\"fstype\":\"xfs\"}],")))
                .singleElement()
                .asString()
                .contains("found xfs on the machine");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    another file system      | "vfat"                    | "ext4"              | disk.main.content.partitions.ESP.content: found ext4 on the machine; the layout says vfat
                    nothing on a partition   | "swap"                    | null                | disk.main.content.partitions.swap.content: found nothing on the machine; the layout says swap
                    another label            | "disk-main-pv"            | "mine"              | disk.main.content.partitions.pv: is named 'mine' on the machine; the layout says 'disk-main-pv'
                    another size             | 524288000                 | 1073741824          | disk.main.content.partitions.ESP: has 1.1 GB on the machine; the layout says 524.3 MB
                    another table            | "pttype":"gpt"            | "pttype":"dos"      | disk.main.content: found dos on the machine; the layout says gpt
                    not mounted              | "mountpoint":"/data"      | "mountpoint":null   | disk.data.content.mountpoint: is not mounted on /data
                    no logical volume        | pool-root--1              | pool-other          | lvm_vg.pool.lvs.root-1: is not on the machine, or not active
                    another disk             | "kname":"vdb"             | "kname":"sr0"       | disk: disk 'data' (/dev/vdb) matches none of the machine's disks: /dev/vda (64.4 GB, serial A): not /dev/vdb
                    """)
    void eachDifferenceIsToldWithItsPath(String what, String found, String instead, String told) {
        assertThat(drift(MACHINE.replace(found, instead))).containsExactly("spec.devices." + told);
    }

    @Test
    void aPartitionMoreAndOneLessAreTold() {
        assertThat(drift(MACHINE.replace("vda4", "vda9")))
                .containsExactly(
                        "spec.devices.disk.main.content.partitions.crypt: is not on the machine",
                        "spec.devices.disk.main.content: the machine also has partition 9 ('disk-main-crypt'), which is not in the layout");
    }

    private static List<String> calls(Drift drift) {
        return drift.additions()
                .map(added -> added.script()
                        .split(ScriptWriter.BORDER, 2)[1]
                        .replace("'", "")
                        .lines()
                        .toList())
                .orElse(List.of());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    a logical volume               | `lvs: {`                      | `lvs: {home: {size: 1G, content: {type: filesystem, format: xfs, mountpoint: /home}}, ` | make_lv pool home 1G 1073741824 linear -
                    swap on a logical volume       | `lvs: {`                      | `lvs: {swap: {size: 1G, content: {type: swap}}, `                                       | make_swap /dev/pool/swap
                    a thin pool                    | `lvs: {`                      | `lvs: {thin: {size: 1G, lvm_type: thin-pool}, `                                         | make_lv pool thin 1G 1073741824 thin-pool -
                    a last partition               | `: {size: 100%, priority: 9000,` | `: {size: 10G, priority: 9000,`                                                        | -
                    an earlier partition           | `swap: {size: 1G`             | `early: {size: 1G, priority: 1}\n        swap: {size: 1G`                              | -
                    a member of a volume group     | `      data: {device`         | `      more: {device: /dev/vdc, content: {type: lvm_pv, vg: pool}}\n  data: {device`      | -
                    beside a hybrid MBR            | `crypt: {size: 100%`          | `y: {size: 1G, hybrid: {}, priority: 9999}\n        crypt: {size: 10G`                      | -
                    a partition behind the last    | `crypt: {size: 100%`          | `y: {size: 1G, priority: 9999}\n        crypt: {size: 10G`                                 | gpt_partition d2 5 disk-main-y disk-main-y 8300 R 0 +1G 0 1073741824 0000000000000000
                    another size beside            | `lvs: {`                      | `lvs: {home: {size: 1G}, `                                                             | make_lv pool home 1G 1073741824 linear -
                    """)
    void onlyWhatTakesNothingFromAnybodyIsAdded(String what, String found, String instead, String call) {
        Drift drift = compared(LAYOUT.replace(found, instead.replace("\\n", "\n")), MACHINE);
        assertThat(calls(drift).stream().anyMatch(line -> line.startsWith("addition_begins spec.devices.")))
                .isEqualTo(!call.equals("-"));
        if (!call.equals("-")) {
            assertThat(calls(drift)).contains(call);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pool-thin", "pool-thin-tpool"})
    void aThinPoolIsThereWhetherItIsInUseOrNot(String name) {
        String layout = LAYOUT.replace("lvs: {", "lvs: {thin: {size: 1G, lvm_type: thin-pool}, ");
        String volume = "{\"name\":\"pool-root--1\"";
        String pool =
                "{\"name\":\"%s\",\"kname\":\"dm-7\",\"path\":\"/dev/dm-7\",\"type\":\"lvm\",\"size\":1073741824,\"fstype\":null},"
                        .formatted(name);
        assertThat(compared(layout, MACHINE).findings()).hasSize(1);
        assertThat(compared(layout, MACHINE.replace(volume, pool + volume)).findings())
                .isEmpty();
    }

    @Test
    void besideWhatNoAdditionMendsNothingIsAdded() {
        String more = LAYOUT.replace("lvs: {", "lvs: {home: {size: 1G}, ");
        assertThat(compared(more, MACHINE).additions()).isPresent();
        Drift drift = compared(more, MACHINE.replace("\"disk-main-pv\"", "\"mine\""));
        assertThat(drift.additions()).isEmpty();
        assertThat(drift.findings()).hasSize(2);
        assertThat(drift.lasting())
                .extracting(Finding::path)
                .containsExactly("spec.devices.disk.main.content.partitions.pv");
    }

    private static String withStarts(String machine) {
        return machine.replace(
                "\"links\":[]",
                "\"links\":[],\"starts\":[{\"kname\":\"vda1\",\"sectors\":2048},{\"kname\":\"vda3\",\"sectors\":1026048},"
                        + "{\"kname\":\"vda2\",\"sectors\":3123200},{\"kname\":\"vda4\",\"sectors\":24094720}]");
    }

    /** Another system's partition behind the last one ends what is the rest. */
    @Test
    void theRestOfTheDiskEndsWhereAnotherPartitionBegins() {
        assertThat(drift(withStarts(MACHINE))).singleElement().asString().contains("crypt: has 10.7 GB on the machine");
        assertThat(drift(withStarts(MACHINE).replace("\"sectors\":2048", "\"sectors\":45066240")))
                .isEmpty();
    }

    /** Of what the addition that was cut short was about, and of nothing else. */
    @Test
    void onlyWhatWasBegunIsGoneOnWith() {
        String blank = MACHINE.replace("\"swap\"", "null").replace("\"fstype\":\"xfs\"", "\"fstype\":null");
        assertThat(compared(LAYOUT, blank).lasting()).hasSize(2);
        String begun = blank.replace(
                "\"links\":[]",
                "\"links\":[],\"unfinished\":[\"spec.devices.disk.main.content.partitions.swap\",\"spec.devices.disk.data\"]");
        assertThat(compared(LAYOUT, begun).lasting()).extracting(Finding::path).isEmpty();
        Drift swap = compared(LAYOUT, begun.replace(",\"spec.devices.disk.data\"", ""));
        assertThat(swap.lasting()).extracting(Finding::path).containsExactly("spec.devices.disk.data.content");
        assertThat(swap.isSettled()).isFalse();
    }

    /** It may be another machine's. */
    @Test
    void aSubvolumeThatIsNotMountedIsInTheWayOfAdditions() {
        String layout =
                """
                disk:
                  main:
                    device: /dev/vda
                    content:
                      type: gpt
                      partitions:
                        root: {size: 10G, content: {type: btrfs, subvolumes: {top: {mountpoint: /}, top/below: {}, data: {mountpoint: /data, mountOptions: [x-systemd.automount]}}}}
                        new: {size: 1G, priority: 2000, content: {type: swap}}
                """;
        String machine =
                """
                {"version":1,"probes":null,"links":[],"subvolumes":[{"uuid":"u","paths":["top","top/below","data"]}],"lsblk":{"blockdevices":[
                  {"name":"vda","kname":"vda","path":"/dev/vda","type":"disk","size":64424509440,"fstype":null,"pttype":"gpt","ptuuid":"t","mountpoint":null,"children":[
                    {"name":"vda1","kname":"vda1","path":"/dev/vda1","type":"part","size":10737418240,"fstype":"btrfs","uuid":"u","partlabel":"disk-main-root","mountpoint":"/"}]}]}}
                """;
        assertThat(calls(compared(layout, machine))).anyMatch(call -> call.startsWith("gpt_partition "));
        String elsewhere = machine.replace("\"mountpoint\":\"/\"", "\"mountpoint\":null");
        for (String facts :
                List.of(elsewhere, elsewhere.replace("\"uuid\":\"u\",\"paths\"", "\"uuid\":\"v\",\"paths\""))) {
            assertThat(compared(layout, facts).lasting())
                    .extracting(Finding::path)
                    .containsExactly(
                            "spec.devices.disk.main.content.partitions.root.content.subvolumes.top.mountpoint");
        }
    }

    /** What a script made before it was cut short is no difference any more. */
    @Test
    void whatWasBegunAndIsDoneIsForgotten() {
        String begun = MACHINE.replace(
                "\"links\":[]", "\"links\":[],\"unfinished\":[\"spec.devices.disk.main.content.partitions.swap\"]");
        Drift drift = compared(LAYOUT, begun);
        assertThat(drift.findings()).isEmpty();
        assertThat(drift.isSettled()).isFalse();
        assertThat(calls(drift)).contains("addition_ends").noneMatch(call -> call.startsWith("addition_begins"));
    }

    /** A LUKS container that was made, and nothing in it yet. */
    @Test
    void aContainerThatIsClosedMayBeUnfinished() {
        assertThat(compared(LAYOUT, MACHINE).isSettled()).isFalse();
        Drift drift = compared(
                LAYOUT,
                MACHINE.replace(
                        "\"links\":[]",
                        "\"links\":[],\"unfinished\":[\"spec.devices.disk.main.content.partitions.crypt\"]"));
        assertThat(drift.lasting()).isEmpty();
        assertThat(calls(drift)).anyMatch(call -> call.startsWith("luks_format "));
    }

    private static final String POOL =
            """
            disk: {a: {device: /dev/vda, content: {type: zfs, pool: tank}}}
            zpool: {tank: {type: zpool, mountpoint: /, datasets: {a: {type: zfs_fs}, a/b: {type: zfs_fs, mountpoint: /b}, v: {type: zfs_volume, size: 1G, content: {type: swap}}}}}
            """;

    /** lsblk knows nothing of them; ZFS says what is there. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    all there   | ["tank", "tank/a", "tank/a/b", "tank/v"] | ``
                    two missing | ["tank", "tank/a"]                       | make_dataset tank/a/b mountpoint=/b,make_volume tank/v 1G 1073741824 --,make_swap /dev/zvol/tank/v
                    no pool     | ["other"]                                | ``
                    not told    | null                                     | ``
                    """)
    void datasetsAreComparedWhereZfsTellsThem(String what, String datasets, String calls) {
        String machine =
                """
                {"version":1,"probes":null,"links":[],"datasets":%s,"lsblk":{"blockdevices":[
                  {"name":"vda","kname":"vda","path":"/dev/vda","type":"disk","size":64424509440,"fstype":"zfs_member","pttype":"gpt","ptuuid":"t","mountpoint":null}]}}
                """
                        .formatted(datasets);
        Drift drift = compared(POOL, machine);
        assertThat(drift.findings().isEmpty()).isEqualTo(calls.isEmpty() && !what.equals("no pool"));
        assertThat(calls(drift).stream()
                        .filter(call -> call.startsWith("make_"))
                        .collect(Collectors.joining(",")))
                .isEqualTo(calls);
    }

    private static final String VOLUME =
            """
            disk: {a: {device: /dev/vda, content: {type: zfs, pool: tank}}}
            zpool: {tank: {type: zpool, datasets: {v: {type: zfs_volume, size: 1G, content: {type: filesystem, format: ext4, mountpoint: /}}}}}
            """;

    @ParameterizedTest(name = "{0} of {2} bytes at {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    ext4 | /dev/zvol/tank/v     | 1073741824 | true  | ``
                    ext4 | /dev/zvol/tank/v     | 2147483648 | false | spec.devices.zpool.tank.datasets.v: has 2.1 GB on the machine; the layout says 1.1 GB
                    xfs  | /dev/zvol/tank/v     | 1073741824 | false | spec.devices.zpool.tank.datasets.v.content: found xfs on the machine; the layout says ext4
                    xfs  | /dev/zvol/tank/other | 1073741824 | false | ``
                    """)
    void whatIsOnAVolumeOfAPoolIsCompared(String type, String link, long bytes, boolean settled, String told) {
        Drift drift = compared(
                VOLUME,
                """
                {"version":1,"probes":null,"links":[{"link":"%s","target":"/dev/zd0"}],"datasets":["tank","tank/v"],"lsblk":{"blockdevices":[
                  {"name":"vda","kname":"vda","path":"/dev/vda","type":"disk","size":64424509440,"fstype":"zfs_member","pttype":"gpt","ptuuid":"t","mountpoint":null},
                  {"name":"zd0","kname":"zd0","path":"/dev/zd0","type":"disk","size":%d,"fstype":"%s","pttype":null,"mountpoint":"/"}]}}
                """
                        .formatted(link, bytes, type));
        assertThat(drift.isSettled()).isEqualTo(settled);
        assertThat(told(drift)).isEqualTo(told);
    }

    private static String told(Drift drift) {
        return drift.findings().stream().map(Finding::toString).collect(Collectors.joining(", "));
    }

    private static final String GROUP =
            """
            disk: {a: {device: /dev/vda, content: {type: gpt, partitions: {pv: {size: 100%, content: {type: lvm_pv, vg: g}}}}}}
            lvm_vg: {g: {type: lvm_vg, lvs: {root: {size: LVS, content: {type: filesystem, format: ext4, mountpoint: /}}}}}
            """;

    /** The machine has a volume of 8 GiB in a partition of 10. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    8G                      | true  | ``
                    9G                      | false | has 8.6 GB on the machine; the layout says 9.7 GB
                    100%FREE                | false | ``
                    50%VG                   | false | ``
                    8G, extraArgs: [-i 2]   | false | ``
                    """)
    void volumesAreComparedAsFarAsTheyTell(String lv, boolean settled, String told) {
        Drift drift = compared(GROUP.replace("LVS", lv), groupMachine(8L << 30));
        assertThat(drift.isSettled()).isEqualTo(settled);
        assertThat(told(drift)).isEqualTo(told.isEmpty() ? "" : "spec.devices.lvm_vg.g.lvs.root: " + told);
    }

    @Test
    void aPlainVolumeHasNoImages() {
        String volume = "{\"name\":\"g-root\"";
        String image = "{\"name\":\"g-root_rimage_0\",\"kname\":\"dm-1\",\"type\":\"lvm\",\"size\":1},";
        assertThat(told(compared(
                        GROUP.replace("LVS", "8G"), groupMachine(8L << 30).replace(volume, image + volume))))
                .isEqualTo("spec.devices.lvm_vg.g.lvs.root: is raid or mirrored on the machine");
    }

    @Test
    void aVolumeThatTakesTheRestIsThereWhenNothingIsLeft() {
        Drift drift = compared(GROUP.replace("LVS", "100%FREE"), groupMachine((10L << 30) - (8 << 20)));
        assertThat(drift.isSettled()).isTrue();
    }

    private static String groupMachine(long bytes) {
        return """
                {"version":1,"probes":null,"links":[],"lsblk":{"blockdevices":[
                  {"name":"vda","kname":"vda","path":"/dev/vda","type":"disk","size":10738466816,"serial":"A","fstype":null,"pttype":"gpt","ptuuid":"t","mountpoint":null,"children":[
                    {"name":"vda1","kname":"vda1","path":"/dev/vda1","type":"part","size":10737418240,"fstype":"LVM2_member","partlabel":"disk-a-pv","mountpoint":null,"children":[
                      {"name":"g-root","kname":"dm-0","path":"/dev/dm-0","type":"lvm","size":%d,"fstype":"ext4","mountpoint":"/"}]}]}]}}
                """
                .formatted(bytes);
    }

    private static final String ENTRY =
            """
            disk: {a: {device: /dev/vda, content: {type: gpt, partitions: {root: {size: 1G, type: "TYPE", uuid: 0e3d8a1c-5a3b-4a5b-9c1d-2f3e4a5b6c7d, attributes: [2], content: {type: filesystem, format: ext4, mountpoint: /}}}}}}
            """;

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    as the layout says | 8300 | x                                    | x                                    | ``
                    another UUID       | 8300 | 0e3d8a1c                             | 1e3d8a1c                             | has the UUID
                    another type       | EF00 | x                                    | x                                    | has the type
                    other attributes   | 8300 | 0x4                                  | 0x0                                  | has the attributes
                    """)
    void entriesOfATableAreCompared(String what, String type, String found, String instead, String told) {
        String machine =
                """
                {"version":1,"probes":null,"links":[],"lsblk":{"blockdevices":[
                  {"name":"vda","kname":"vda","path":"/dev/vda","type":"disk","size":10738466816,"serial":"A","fstype":null,"pttype":"gpt","ptuuid":"t","mountpoint":null,"children":[
                    {"name":"vda1","kname":"vda1","path":"/dev/vda1","type":"part","size":1073741824,"fstype":"ext4","partlabel":"disk-a-root","partuuid":"0e3d8a1c-5a3b-4a5b-9c1d-2f3e4a5b6c7d",
                     "parttype":"0fc63daf-8483-4772-8e79-3d69d8477de4","partflags":"0x4","mountpoint":"/"}]}]}}
                """
                        .replace(found, instead);
        Drift drift = compared(ENTRY.replace("TYPE", type), machine);
        assertThat(told(drift)).contains(told);
        assertThat(drift.isSettled()).isEqualTo(told.isEmpty());
    }

    /** Which only sgdisk knows. */
    @Test
    void aTypeThatIsNotKnownIsNotCalledInSync() {
        assertThat(compared(LAYOUT, MACHINE).isSettled()).isFalse(); // a container is closed
        String open = LAYOUT.replaceAll("(?m)^ *crypt:.*\n", "");
        String machine = MACHINE.replaceAll("(?s),\\s*\\{\"name\":\"vda4\".*?null}", "");
        assertThat(compared(open, machine).isSettled()).isTrue();
        assertThat(compared(open.replace("size: 1G, content", "size: 1G, type: \"0700\", content"), machine)
                        .isSettled())
                .isFalse();
    }

    private static final String ARRAY =
            """
            disk:
              a: {device: /dev/vda, content: {type: gpt, partitions: {md: {size: 100%, content: {type: mdraid, name: both}}}}}
              b: {device: /dev/vdb, content: {type: mdraid, name: both}}
            mdadm: {both: {type: mdadm, content: {type: gpt, partitions: {root: {size: 1G, content: {type: filesystem, format: ext4, mountpoint: /}}}}}}
            """;

    private static final String ARRAY_NODE =
            """
            {"name":"md127","kname":"md127","path":"/dev/md127","type":"raid1","size":5000000000,"fstype":null,"pttype":"gpt","ptuuid":"u","mountpoint":null,"children":[
              {"name":"md127p1","kname":"md127p1","path":"/dev/md127p1","type":"part","size":1073741824,"fstype":"ext4","pttype":"gpt","partlabel":"mdadm-both-root","mountpoint":"/"}]}
            """;

    private static final String ARRAY_MACHINE =
            """
            {"version":1,"probes":null,"links":[{"link":"/dev/disk/by-id/md-name-any:both","target":"/dev/md127"}],"arrays":[{"kname":"md127","level":"raid1","members":2,"missing":0}],"lsblk":{"blockdevices":[
              {"name":"vda","kname":"vda","path":"/dev/vda","type":"disk","size":5100000000,"serial":"A","fstype":null,"pttype":"gpt","ptuuid":"t","mountpoint":null,"children":[
                {"name":"vda1","kname":"vda1","path":"/dev/vda1","type":"part","size":5098000000,"fstype":"linux_raid_member","pttype":"gpt","partlabel":"disk-a-md","mountpoint":null,"children":[FIRST]}]},
              {"name":"vdb","kname":"vdb","path":"/dev/vdb","type":"disk","size":5100000000,"serial":"B","fstype":"linux_raid_member","pttype":null,"mountpoint":null,"children":[SECOND]}]}}
            """
                    .replace("FIRST", ARRAY_NODE)
                    .replace("SECOND", ARRAY_NODE);

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    as the layout says | both            | both           | ``
                    another content    | "fstype":"ext4" | "fstype":"xfs" | spec.devices.mdadm.both.content.partitions.root.content: found xfs on the machine; the layout says ext4
                    no table           | "fstype":null,"pttype":"gpt","ptuuid":"u" | "fstype":"swap","pttype":null | spec.devices.mdadm.both.content: found swap on the machine; the layout says gpt
                    another array      | any:both        | any:other      | spec.devices.mdadm.both: is not on the machine, or not assembled
                    another level      | "level":"raid1" | "level":"raid0" | spec.devices.mdadm.both.level: is raid0 on the machine; the layout says raid1
                    another width      | "members":2     | "members":3    | spec.devices.mdadm.both: is made for 3 members; the layout has 2
                    degraded           | "missing":0     | "missing":1    | spec.devices.mdadm.both: is degraded: 1 of 2 members are missing
                    """)
    void whatIsOnAnArrayIsCompared(String what, String found, String instead, String told) {
        Drift drift = compared(ARRAY, ARRAY_MACHINE.replace(found, instead));
        assertThat(told(drift)).isEqualTo(told);
        assertThat(drift.isSettled()).isEqualTo(told.isEmpty());
    }

    @Test
    void nothingIsAddedToAnArrayThatIsDegraded() {
        String more = ARRAY.replace("root: {", "swap: {size: 100M, priority: 9000, content: {type: swap}}, root: {");
        assertThat(calls(compared(more, ARRAY_MACHINE)))
                .filteredOn(call -> call.startsWith("see_array ") || call.startsWith("gpt_partition "))
                .satisfiesExactly(see -> assertThat(see).isEqualTo("see_array both d1p1 d2"), make -> assertThat(make)
                        .startsWith("gpt_partition /dev/md/both 2 "));
        assertThat(compared(more, ARRAY_MACHINE.replace("\"missing\":0", "\"missing\":1"))
                        .additions())
                .isEmpty();
    }

    /** The same name on other disks. */
    @Test
    void anArrayOfOtherDisksIsNotTheLayouts() {
        String elsewhere = ARRAY_MACHINE
                .replaceAll("(?s)\\{\"name\":\"md127\",.*?}]}", "")
                .replace(
                        "{\"name\":\"vda\",",
                        "{\"name\":\"vdc\",\"kname\":\"vdc\",\"path\":\"/dev/vdc\",\"type\":\"disk\",\"size\":1,\"children\":["
                                + ARRAY_NODE + "]},{\"name\":\"vda\",");
        assertThat(told(compared(ARRAY, elsewhere)))
                .isEqualTo("spec.devices.mdadm.both: is not on the machine, or not assembled");
    }

    /** What is not mounted may be another machine's; what cannot be told from another disk, too. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    a disk with a twin  | "serial":"B"          | "serial":"A"
                    a mount is missing  | "mountpoint":"/data"  | "mountpoint":null
                    """)
    void nothingIsAddedWhereTheDisksAreInDoubt(String what, String found, String instead) {
        String more = LAYOUT.replace("lvs: {", "lvs: {home: {size: 1G}, ");
        assertThat(compared(more, MACHINE).additions()).isPresent();
        assertThat(compared(more, MACHINE.replace(found, instead)).additions()).isEmpty();
    }

    /** Nobody brings it, and its link is not the script's to remove. */
    @Test
    void aKeyOnADeviceIsReadAndLeft() {
        Layout layout = TestLayouts.layout(LayoutTest.SIMPLE);
        Resolution.Resolved resolved = TestFacts.resolved(layout, TestFacts.emptyFor(layout));
        var stick = new KeyFile("/dev/disk/by-id/usb-key", KeyFile.Form.RAW, 0, 64);
        var keys = new Addition(List.of(), Set.of(), List.of(stick, new KeyFile("/run/k", KeyFile.Form.RAW)));
        Additions additions = new ScriptWriter(layout, resolved, DiskMode.FORMAT_MOUNT).additions(keys, List.of());
        assertThat(additions.keyFiles()).containsExactly("/run/k");
        assertThat(additions.script())
                .contains("\nbegin add /run/k\n", "\nneed_key raw /dev/disk/by-id/usb-key 0 64\n");
    }
}
