package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.disk.Resolution.Problem;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResolutionTest {
    private static final BlockDevices MACHINE = TestFacts.read("installer.json");

    private static Layout one(String disk) {
        return TestLayouts.layout(
                "{disk: {main: {" + disk
                        + "content: {type: gpt, partitions: {r: {size: 1G, content: {type: filesystem, format: ext4, mountpoint: /}}}}}}}");
    }

    private static Resolution resolve(Layout layout, BlockDevices machine, DiskBinding... bindings) {
        return Resolution.resolve(layout, List.of(bindings), machine, DiskMode.DESTROY_FORMAT_MOUNT);
    }

    private static void expect(Problem problem, String words, String disk, DiskBinding... bindings) {
        expect(problem, words, one(disk), MACHINE, bindings);
    }

    private static void expect(
            Problem problem, String words, Layout layout, BlockDevices machine, DiskBinding... bindings) {
        Resolution found = resolve(layout, machine, bindings);
        assertThat(found).isInstanceOfSatisfying(Resolution.Unresolved.class, no -> {
            assertThat(no.problem()).isEqualTo(problem);
            assertThat(no.message()).contains(words);
        });
    }

    private static String chosen(String disk, DiskBinding... bindings) {
        return switch (resolve(one(disk), MACHINE, bindings)) {
            case Resolution.Resolved yes ->
                yes.disks().values().iterator().next().path();
            case Resolution.Unresolved no -> no.toString();
        };
    }

    @Test
    void exactlyOneDiskMatches() {
        String nvme = "/dev/nvme1n1";
        assertThat(chosen("device: /dev/nvme1n1, ")).isEqualTo(nvme);
        assertThat(chosen("device: /dev/disk/by-id/nvme-eui.0025385b01c0ffee, "))
                .isEqualTo(nvme);
        assertThat(chosen("device: /dev/disk/by-path/pci-0000:00:17.0-ata-1, ")).isEqualTo("/dev/sdb");
        assertThat(chosen("selector: {serial: S4EVNX0M123456}, ")).isEqualTo(nvme);
        assertThat(chosen("selector: {minSize: 300G}, ")).isEqualTo(nvme);
        assertThat(chosen("selector: {maxSize: 300Gi}, ")).isEqualTo("/dev/sdb");
        assertThat(chosen("device: /dev/sdz, ", binding("/dev/sdb", null))).isEqualTo("/dev/sdb");
        assertThat(chosen("", binding(null, selector("{wwn: EUI.0025385B01C0FFEE}"))))
                .isEqualTo(nvme);
    }

    private static Selector selector(String yaml) {
        return Objects.requireNonNull(Selector.TYPE.read(TestLayouts.tree(yaml), At.DEVICES, new Findings()));
    }

    private static BlockDevice disk(String name, Hardware hardware, String... links) {
        BlockDevice d = TestFacts.empty(name, links);
        return new BlockDevice(
                d.kernelName(),
                d.path(),
                d.serial(),
                d.wwn(),
                d.size(),
                hardware,
                d.signatures(),
                null,
                true,
                false,
                List.of(),
                List.of(),
                List.of(),
                d.links(),
                null);
    }

    /** A disk that turns, one that does not, and a stick. */
    private static final BlockDevices THREE = new BlockDevices(
            List.of(
                    disk(
                            "sda",
                            new Hardware("WDC WD2000", "ATA", "sata", true, false),
                            "/dev/disk/by-path/pci-0000:00:17.0-ata-1"),
                    disk("nvme0n1", new Hardware("Samsung SSD 970", null, "nvme", false, false)),
                    disk("sdb", new Hardware("Cruzer", "SanDisk", "usb", true, true))),
            null);

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {model: wdc_wd2000}                           | /dev/sda
                    {model: 'WDC WD2000', vendor: ata}            | /dev/sda
                    {rotational: false}                           | /dev/nvme0n1
                    {rotational: true, transport: SATA}           | /dev/sda
                    {transport: usb}                              | /dev/sdb
                    {vendor: SanDisk}                             | /dev/sdb
                    {byPath: 'pci-0000:00:17.0-ata-1'}            | /dev/sda
                    {byPath: /dev/disk/by-path/pci-0000:00:17.0-ata-1, serial: SERIAL-sda} | /dev/sda
                    {rotational: true}                            | AMBIGUOUS
                    {minSize: 1G}                                 | AMBIGUOUS
                    {model: WDC}                                  | NOT_FOUND
                    {model: Samsung SSD 970, rotational: true}    | NOT_FOUND
                    {vendor: Samsung}                             | NOT_FOUND
                    {byPath: pci-0000:00:17.0-ata-2}              | NOT_FOUND
                    {onlyDisk: true}                              | NOT_FOUND
                    """)
    void allCriteriaMustMatchOneDisk(String selector, String disk) {
        Resolution found = resolve(one("selector: " + selector + ", "), THREE);
        assertThat(
                        switch (found) {
                            case Resolution.Resolved yes ->
                                yes.disks().values().iterator().next().path();
                            case Resolution.Unresolved no -> no.problem().name();
                        })
                .isEqualTo(disk);
    }

    /** A criterion that is blank, or too large for a number, is not as if it were absent. */
    @ParameterizedTest
    @ValueSource(strings = {"serial: ' '", "wwn: ' '", "vendor: ' '", "onlyDisk: true, minSize: 99999999999999999E"})
    void noCriterionIsLost(String criteria) {
        BlockDevice nameless = TestFacts.nameless("vda", 64L << 30);
        Resolution found = resolve(one("selector: {" + criteria + "}, "), new BlockDevices(List.of(nameless), null));
        assertThat(found).isInstanceOfSatisfying(Resolution.Unresolved.class, no -> assertThat(no.problem())
                .isEqualTo(Problem.NOT_FOUND));
        assertThat(Layout.parse(TestLayouts.tree("{disk: {main: {selector: {minSize: 500i}}}}"))
                        .findings())
                .anyMatch(f -> f.path().endsWith("minSize"));
    }

    @Test
    void eachDiskIsToldWhatItFailsAt() {
        String message = ((Resolution.Unresolved) resolve(
                        one("selector: {rotational: false, transport: sata, minSize: 1T, onlyDisk: true}, "), THREE))
                .message();
        assertThat(message)
                .startsWith(
                        "disk 'main' (at least 1.0 TB, not rotational, transport sata, the only disk) matches none of the"
                                + " machine's disks: ")
                .contains("serial SERIAL-sda): smaller than 1.0 TB, rotational true, not the only disk; ")
                .contains("serial SERIAL-nvme0n1): transport 'nvme', smaller than 1.0 TB, not the only disk; ")
                .endsWith("serial SERIAL-sdb): transport 'usb', smaller than 1.0 TB, rotational true, removable");
        expect(Problem.NOT_FOUND, "vendor unknown", one("selector: {vendor: x}, "), THREE);
        expect(
                Problem.NOT_FOUND,
                "not /dev/sdz, serial 'SERIAL-sda'",
                one("device: /dev/sdz, selector: {serial: x}, "),
                THREE);
    }

    /** What is not known to be removable counts: one disk too many means no write. */
    @ParameterizedTest(name = "beside a disk that is removable: {0}")
    @CsvSource(
            nullValues = "unknown",
            value = {"true, true", "false, false", "unknown, false"})
    void theOnlyDiskIsTheOnlyOneThatStays(@Nullable Boolean removable, boolean chosen) {
        BlockDevice wanted = disk("sda", new Hardware(null, null, "sata", null, null));
        BlockDevice other = disk("sdb", new Hardware(null, null, null, null, removable));
        Resolution found = resolve(
                one("selector: {onlyDisk: true, transport: sata}, "), new BlockDevices(List.of(wanted, other), null));
        assertThat(found instanceof Resolution.Resolved(var disks) && disks.containsValue(wanted))
                .isEqualTo(chosen);
    }

    private static DiskBinding binding(@Nullable String device, @Nullable Selector selector) {
        return new DiskBinding("main", device, selector);
    }

    @Test
    void noneOrSeveralMeansNoWrite() {
        expect(Problem.NOT_FOUND, "/dev/nvme1n1", "device: /dev/sdz, ");
        expect(Problem.NOT_FOUND, "neither device nor selector", "");
        expect(Problem.NOT_FOUND, "empty selector", "", binding(null, selector("{}")));
        expect(Problem.NOT_FOUND, "the layout has only: main", "device: /dev/sdb, ", new DiskBinding("x", null, null));
        expect(Problem.NOT_FOUND, "matches none", "device: /dev/sdb, selector: {serial: S4EVNX0M123456}, ");
        expect(Problem.NOT_FOUND, "matches none", "device: /dev/sr0, ");
        expect(Problem.NOT_FOUND, "matches none", "device: /dev/loop0, ");
        expect(Problem.AMBIGUOUS, "WD-WX11A11A1111", "selector: {minSize: 1G}, ");
        expect(Problem.PARTITION_NOT_DISK, "/dev/sdb1", "device: /dev/sdb1, ");
        expect(
                Problem.PARTITION_NOT_DISK,
                "nvme1n1p2",
                "device: /dev/disk/by-id/nvme-Samsung_SSD_970_EVO_Plus_500GB_S4EVNX0M123456-part2, ");
        expect(Problem.NOT_FOUND, "not readable", one("device: /dev/sda, "), BlockDevices.parse("no json"));
    }

    @Test
    void oneDiskIsNotTwo() {
        Layout layout = TestLayouts.layout(
                """
                disk:
                  a: {device: /dev/sdb, content: {type: filesystem, format: ext4, mountpoint: /}}
                  b: {selector: {serial: WD-WX11A11A1111}}
                """);
        expect(Problem.SAME_DISK_TWICE, "'b' and disk 'a'", layout, MACHINE);
    }

    /** Kernel names may change places through kexec; what else is the same cannot be told apart. */
    @ParameterizedTest
    @CsvSource({
        "a serial and a WWN,         S1, eui.1, 64, true",
        "a serial,                   S1,      , 64, true",
        "a WWN,                        , eui.1, 64, true",
        "a WWN and no serial,          , eui.1, 64, true",
        "nothing but a size,           ,      , 64, true",
        "a serial written otherwise, ' S1 ', , 64, true",
        "another size,                 ,      , 65, false"
    })
    void twinsCannotBeTold(String alike, @Nullable String serial, @Nullable String wwn, long gib, boolean twins) {
        BlockDevice wanted = TestFacts.empty("sda", serial == null ? null : serial.strip(), wwn, 64L << 30);
        var machine = new BlockDevices(List.of(wanted, TestFacts.empty("sdb", serial, wwn, gib << 30)), null);
        if (twins) {
            expect(Problem.AMBIGUOUS, "cannot be told from another", one("device: /dev/sda, "), machine);
        } else {
            assertThat(TestFacts.resolved(one("device: /dev/sda, "), machine).disks())
                    .containsValue(wanted);
        }
    }

    /** The plan's hash knows a disk with a WWN by that alone: what it approved for one would be approved for the other. */
    @Test
    void aSerialNumberBesideTheSameWwnDoesNotTell() {
        BlockDevice wanted = TestFacts.empty("sda", "S1", "eui.1", 64L << 30);
        BlockDevice other = TestFacts.empty("sdb", "S2", "eui.1", 64L << 30);
        expect(
                Problem.AMBIGUOUS,
                "cannot be told from another",
                one("device: /dev/sda, "),
                new BlockDevices(List.of(wanted, other), null));
    }

    @ParameterizedTest
    @CsvSource({"S1, eui.2", "S1,", "S2,"})
    void oneNameThatDiffersIsEnough(@Nullable String serial, @Nullable String wwn) {
        BlockDevice wanted = TestFacts.empty("sda", "S1", "eui.1", 64L << 30);
        var machine = new BlockDevices(List.of(wanted, TestFacts.empty("sdb", serial, wwn, 64L << 30)), null);
        assertThat(TestFacts.resolved(one("device: /dev/sda, "), machine).disks())
                .containsValue(wanted);
    }

    @Test
    void tooSmallOrReadOnly() {
        Layout big =
                TestLayouts.layout("{disk: {a: {device: /dev/sdb, content: {type: gpt, partitions: {x: {size: 200G},"
                        + " r: {size: 100%, content: {type: filesystem, format: ext4, mountpoint: /}}}}}}}");
        expect(Problem.TOO_SMALL, "214.7 GB", big, MACHINE);
        BlockDevice d = TestFacts.empty("sdb");
        BlockDevice locked = new BlockDevice(
                d.kernelName(),
                d.path(),
                null,
                null,
                d.size(),
                d.hardware(),
                List.of(),
                null,
                true,
                true,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null);
        expect(Problem.READ_ONLY, "read-only", one("device: /dev/sdb, "), new BlockDevices(List.of(locked), null));
    }

    @Test
    void membersOfForeignPoolsAreNotTouched() {
        expectForeign(
                "linux_raid_member 7",
                member("sda", "linux_raid_member", "7", null),
                member("sdb", "linux_raid_member", "7", null));
        expectForeign("btrfs 9", member("sda", "btrfs", "9", null), member("sdb", "btrfs", "9", null));
        expectForeign(
                "LVM volume group vg",
                member("sda", "LVM2_member", "1", "vg"),
                member("sdb", "LVM2_member", "2", "vg"));
        expectForeign("unknown LVM", member("sda", "LVM2_member", "1", null), member("sdb", "LVM2_member", "2", null));
        expectOwn(member("sda", "LVM2_member", "1", "a"), member("sdb", "LVM2_member", "2", "b"));
    }

    /** pvs shows a physical volume that is in no volume group with an empty name of one. */
    @Test
    void membersOfNoGroupAreNoGroup() {
        expectOwn(member("sda", "LVM2_member", "1", ""), member("sdb", "LVM2_member", "2", ""));
    }

    private static void expectOwn(BlockDevice... disks) {
        assertThat(resolve(one("device: /dev/sda, "), new BlockDevices(List.of(disks), null)))
                .isInstanceOf(Resolution.Resolved.class);
    }

    /** A disk that stays has its share in what is on a disk that goes. */
    @ParameterizedTest(name = "{0}, the other disk {1}")
    @CsvSource({
        "DESTROY_FORMAT_MOUNT, destroy: false, true",
        "DESTROY_FORMAT_MOUNT, preserve: true, true",
        "DESTROY_FORMAT_MOUNT, destroy: true,  false",
        "FORMAT_MOUNT,         destroy: false, false",
        "MOUNT,                preserve: true, false"
    })
    void whatIsSharedWithADiskThatStaysIsNotTouched(DiskMode mode, String other, boolean refused) {
        Layout layout = TestLayouts.layout(
                """
                disk:
                  main: {device: /dev/sda, content: {type: filesystem, format: ext4, mountpoint: /}}
                  data: {device: /dev/sdb, %s, content: {type: filesystem, format: ext4, mountpoint: /data}}
                """
                        .formatted(other));
        var machine = new BlockDevices(
                List.of(member("sda", "zfs_member", "5", null), member("sdb", "zfs_member", "5", null)), null);
        Resolution found = Resolution.resolve(layout, List.of(), machine, mode);
        if (refused) {
            assertThat(found).isInstanceOfSatisfying(Resolution.Unresolved.class, no -> {
                assertThat(no.problem()).isEqualTo(Problem.IN_FOREIGN_POOL);
                assertThat(no.message())
                        .contains("/dev/sda", "zfs_member 5", "/dev/sdb", "is not wiped; take zfs_member 5 apart");
            });
        } else {
            assertThat(found).isInstanceOf(Resolution.Resolved.class);
        }
    }

    /** NixOS would find either. */
    @ParameterizedTest(name = "a partition {2} on {0} (destroy: {1})")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    sdc | true  | disk-main-r | 1                                    | the label 'disk-main-r'
                    sdc | true  | other       | 0B0B0B0B-0000-0000-0000-00000000000B | the uuid '0b0b0b0b-
                    sdb | false | disk-main-r | 1                                    | the label 'disk-main-r'
                    sdb | true  | disk-main-r | 1                                    | -
                    sda | true  | disk-main-r | 1                                    | -
                    sdc | true  | other       | 1                                    | -
                    """)
    void whatStaysHasNoNameOfWhatIsMade(
            String disk, boolean destroy, String label, String uuid, @Nullable String refused) {
        Layout layout = TestLayouts.layout(
                """
                disk:
                  main: {device: /dev/sda, content: {type: gpt, partitions: {r: {size: 1G, uuid: 0b0b0b0b-0000-0000-0000-00000000000b,
                    content: {type: filesystem, format: ext4, mountpoint: /}}}}}
                  data: {device: /dev/sdb, destroy: %s}
                """
                        .formatted(destroy));
        List<BlockDevice> disks = Stream.of("sda", "sdb", "sdc")
                .map(name -> name.equals(disk) ? withPartition(name, label, uuid) : TestFacts.empty(name))
                .toList();
        var machine = new BlockDevices(disks, null);
        if (refused == null) {
            assertThat(TestFacts.resolved(layout, machine).disks()).hasSize(2);
        } else {
            expect(Problem.AMBIGUOUS, "disk main partition 1 (r) would have " + refused, layout, machine);
            expect(Problem.AMBIGUOUS, "/dev/" + disk + "1 of /dev/" + disk, layout, machine);
        }
    }

    private static BlockDevice withPartition(String name, String label, String uuid) {
        BlockDevice d = TestFacts.empty(name);
        var partition = new BlockDevice.PartitionSeen(
                name + "1",
                "/dev/" + name + "1",
                1,
                null,
                1 << 20,
                new PartitionEntry(label, uuid, null, null),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null);
        return new BlockDevice(
                name,
                d.path(),
                d.serial(),
                null,
                d.size(),
                d.hardware(),
                List.of(),
                null,
                false,
                false,
                List.of(partition),
                List.of(),
                List.of(),
                List.of(),
                null);
    }

    /** util-linux 2.37 and newer tell all mounts of a device, older ones the last. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"mountpoints\":[null,\"/mnt\",\"/srv\"] | /srv",
                "\"mountpoint\":\"/srv\" | /srv",
                "\"mountpoints\":[null] |"
            })
    void noMountIsOverlooked(String field, @Nullable String told) {
        BlockDevices machine = BlockDevices.parse(
                "{\"lsblk\":{\"blockdevices\":[{\"kname\":\"sda\",\"path\":\"/dev/sda\",\"type\":\"disk\",\"size\":1,%s}]},\"probes\":[]}"
                        .formatted(field));
        assertThat(InUse.check(Map.of("main", machine.disks().getFirst())))
                .extracting(InUse::mount)
                .containsExactlyElementsOf(told == null ? List.of() : List.of(told));
    }

    private static void expectForeign(String words, BlockDevice... disks) {
        expect(Problem.IN_FOREIGN_POOL, words, one("device: /dev/sda, "), new BlockDevices(List.of(disks), null));
    }

    private static BlockDevice member(String name, String type, String uuid, @Nullable String group) {
        BlockDevice d = TestFacts.empty(name);
        return new BlockDevice(
                d.kernelName(),
                d.path(),
                d.serial(),
                null,
                d.size(),
                d.hardware(),
                List.of(new Signature(type, uuid, null)),
                null,
                false,
                false,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                group);
    }

    @Test
    void tellsWhatIsInUseOutsideTheInstallation() {
        Layout layout = one("device: /dev/nvme0n1, ");
        Resolution.Resolved old = TestFacts.resolved(layout, TestFacts.read("debian.json"));
        assertThat(InUse.check(old.disks())).extracting(InUse::mount).containsExactly("/boot/efi", "/");
        Resolution.Resolved installer = TestFacts.resolved(one("device: /dev/nvme1n1, "), MACHINE);
        assertThat(InUse.check(installer.disks())).isEmpty();
    }
}
