package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.disk.Resolution.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolutionTest {
    private static final BlockDevices MACHINE = TestFacts.read("installer.json");

    private static Layout one(String disk) {
        return TestLayouts.layout(
                "{disk: {main: {" + disk
                        + "content: {type: gpt, partitions: {r: {size: 1G, content: {type: filesystem, format: ext4, mountpoint: /}}}}}}}");
    }

    private static void expect(Problem problem, String words, String disk, DiskBinding... bindings) {
        expect(problem, words, one(disk), MACHINE, bindings);
    }

    private static void expect(
            Problem problem, String words, Layout layout, BlockDevices machine, DiskBinding... bindings) {
        Resolution found = Resolution.resolve(layout, List.of(bindings), machine);
        assertThat(found).isInstanceOfSatisfying(Resolution.Unresolved.class, no -> {
            assertThat(no.problem()).isEqualTo(problem);
            assertThat(no.message()).contains(words);
        });
    }

    private static String chosen(String disk, DiskBinding... bindings) {
        return switch (Resolution.resolve(one(disk), List.of(bindings), MACHINE)) {
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
        assertThat(chosen("", binding(null, new Selector(null, "EUI.0025385B01C0FFEE", null, null))))
                .isEqualTo(nvme);
    }

    private static DiskBinding binding(@Nullable String device, @Nullable Selector selector) {
        return new DiskBinding("main", device, selector);
    }

    @Test
    void noneOrSeveralMeansNoWrite() {
        expect(Problem.NOT_FOUND, "/dev/nvme1n1", "device: /dev/sdz, ");
        expect(Problem.NOT_FOUND, "neither device nor selector", "");
        expect(Problem.NOT_FOUND, "empty selector", "", binding(null, new Selector(null, null, null, null)));
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
        "nothing but a size,           ,      , 64, true",
        "a serial written otherwise, ' S1 ', , 64, true",
        "another size,                 ,      , 65, false"
    })
    void twinsCannotBeTold(String alike, @Nullable String serial, @Nullable String wwn, long gib, boolean twins) {
        BlockDevice wanted = named("sda", serial == null ? null : serial.strip(), wwn, 64);
        var machine = new BlockDevices(List.of(wanted, named("sdb", serial, wwn, gib)), null);
        if (twins) {
            expect(Problem.AMBIGUOUS, "cannot be told from another", one("device: /dev/sda, "), machine);
        } else {
            assertThat(TestFacts.resolved(one("device: /dev/sda, "), machine).disks())
                    .containsValue(wanted);
        }
    }

    @ParameterizedTest
    @CsvSource({"S2, eui.1", "S1, eui.2", "S1,", ", eui.1"})
    void oneNameThatDiffersIsEnough(@Nullable String serial, @Nullable String wwn) {
        BlockDevice wanted = named("sda", "S1", "eui.1", 64);
        var machine = new BlockDevices(List.of(wanted, named("sdb", serial, wwn, 64)), null);
        assertThat(TestFacts.resolved(one("device: /dev/sda, "), machine).disks())
                .containsValue(wanted);
    }

    private static BlockDevice named(String kernelName, @Nullable String serial, @Nullable String wwn, long gib) {
        BlockDevice d = TestFacts.empty(kernelName);
        return new BlockDevice(
                kernelName,
                d.path(),
                serial,
                wwn,
                gib << 30,
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

    @Test
    void tooSmallOrReadOnly() {
        Layout big =
                TestLayouts.layout("{disk: {a: {device: /dev/sdb, content: {type: gpt, partitions: {x: {size: 200G},"
                        + " r: {content: {type: filesystem, format: ext4, mountpoint: /}}}}}}}");
        expect(Problem.TOO_SMALL, "214.7 GB", big, MACHINE);
        BlockDevice d = TestFacts.empty("sdb");
        BlockDevice locked = new BlockDevice(
                d.kernelName(),
                d.path(),
                null,
                null,
                d.size(),
                null,
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
        var machine = new BlockDevices(
                List.of(member("sda", "LVM2_member", "1", "a"), member("sdb", "LVM2_member", "2", "b")), null);
        assertThat(Resolution.resolve(one("device: /dev/sda, "), List.of(), machine))
                .isInstanceOf(Resolution.Resolved.class);
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
                null,
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
