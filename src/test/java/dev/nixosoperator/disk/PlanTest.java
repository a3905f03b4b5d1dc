package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final String BY_SERIAL =
            """
            disk:
              data: {selector: {wwn: "0x50014EE2B1234567"}, content: {type: gpt, partitions: {d: {content: {type: filesystem, format: ext4, mountpoint: /srv}}}}}
              root:
                selector: {serial: S4EVNX0M123456, minSize: 500G}
                content: {type: gpt, partitions: {root: {size: 100%, content: {type: filesystem, format: ext4, mountpoint: /}}}}
            """;
    private static final Layout LAYOUT = TestLayouts.layout(BY_SERIAL);

    private static Plan plan(BlockDevices machine, DiskMode mode) {
        return Plan.of(LAYOUT, TestFacts.resolved(LAYOUT, machine), TestFacts.MACHINE, mode);
    }

    private static Plan plan(BlockDevices machine) {
        return plan(machine, DiskMode.DESTROY_FORMAT_MOUNT);
    }

    @Test
    void isTheSameBeforeAndAfterKexec() {
        Plan before = plan(TestFacts.read("debian.json"));
        Plan after = plan(TestFacts.read("installer.json"));
        assertThat(before.disks().get(1).device()).isEqualTo("/dev/nvme0n1");
        assertThat(after.disks().get(1).device()).isEqualTo("/dev/nvme1n1");
        assertThat(after.hash()).isEqualTo(before.hash()).hasSize(64);
    }

    @Test
    void tellsWhatIsThereAndWhatWillBe() {
        Plan plan = plan(TestFacts.read("debian.json"));
        assertThat(plan.needsApproval()).isTrue();
        PlannedDisk root = plan.disks().get(1);
        assertThat(root.content()).isEqualTo("gpt: nvme0n1p1 vfat \"EFI\", nvme0n1p2 ext4");
        assertThat(root.action()).isEqualTo("destroy and format");
        assertThat(root.result()).containsExactly("1 disk-root-root (the rest): ext4 → /");
        assertThat(plan.disks().getFirst().content()).isEqualTo("dos: sda1 LVM2_member");
        assertThat(plan.warnings()).contains("disk root: in use now by the running system: /boot/efi, /");
    }

    @Test
    void isAnotherPlanWhenAnythingThatCountsChanges() {
        BlockDevices machine = TestFacts.read("debian.json");
        String hash = plan(machine).hash();
        assertThat(plan(machine, DiskMode.FORMAT_MOUNT).hash()).isNotEqualTo(hash);
        assertThat(plan(with(machine, d -> copy(d, d.size() + 512, d.signatures(), d.blank())))
                        .hash())
                .isNotEqualTo(hash);
        var signature = List.of(new Signature("zfs_member", "1234", null));
        assertThat(plan(with(machine, d -> copy(d, d.size(), signature, d.blank())))
                        .hash())
                .isNotEqualTo(hash);
        Resolution.Resolved resolved = TestFacts.resolved(LAYOUT, machine);
        assertThat(Plan.of(LAYOUT, resolved, new DmiUuid("other"), DiskMode.DESTROY_FORMAT_MOUNT)
                        .hash())
                .isNotEqualTo(hash);
        Layout other = TestLayouts.layout(BY_SERIAL.replace("/srv", "/var"));
        assertThat(Plan.of(other, resolved, TestFacts.MACHINE, DiskMode.DESTROY_FORMAT_MOUNT)
                        .hash())
                .isNotEqualTo(hash);
    }

    @Test
    void emptyDisksNeedNoApprovalUnlessTheyHaveNoName() {
        Layout layout = TestLayouts.layout(LayoutTest.SIMPLE);
        BlockDevice disk = TestFacts.empty("vda", "/dev/disk/by-id/some-disk-id");
        assertThat(approval(layout, disk, DiskMode.DESTROY_FORMAT_MOUNT)).isFalse();
        BlockDevice nameless = TestFacts.nameless("vda", disk.size(), "/dev/disk/by-id/some-disk-id");
        assertThat(approval(layout, nameless, DiskMode.DESTROY_FORMAT_MOUNT)).isTrue();
        BlockDevice data = copy(disk, disk.size(), List.of(), false);
        assertThat(approval(layout, data, DiskMode.DESTROY_FORMAT_MOUNT)).isTrue();
        assertThat(approval(layout, data, DiskMode.FORMAT_MOUNT)).isTrue();
        assertThat(approval(layout, data, DiskMode.MOUNT)).isFalse();
    }

    @Test
    void whatAHookDoesIsApprovedByAPerson() {
        String hooked = LayoutTest.SIMPLE.replace(
                "\"mountpoint\": \"/\"", "\"mountpoint\": \"/\", \"postMountHook\": \"true\"");
        BlockDevice disk = TestFacts.empty("vda", "/dev/disk/by-id/some-disk-id");
        Layout layout = TestLayouts.layout(hooked);
        for (DiskMode mode : DiskMode.values()) {
            assertThat(approval(layout, disk, mode)).as(mode.name()).isTrue();
        }
        Resolution.Resolved resolved = TestFacts.resolved(layout, new BlockDevices(List.of(disk), null));
        assertThat(Plan.of(layout, resolved, TestFacts.MACHINE, DiskMode.MOUNT).warnings())
                .singleElement()
                .asString()
                .contains("hooks of the layout run as root", "disk main partition 2 (root)");
    }

    /** mount.fuse gives the source to a shell. */
    @Test
    void whatAFuseMountRunsIsApprovedByAPerson() {
        BlockDevice disk = TestFacts.empty("vda", "/dev/disk/by-id/some-disk-id");
        String mount = "\"nodev\": {\"/x\": {\"fsType\": \"%s\", \"device\": \"none\"}}, \"disk\":";
        assertThat(approval(
                        TestLayouts.layout(LayoutTest.SIMPLE.replace("\"disk\":", mount.formatted("tmpfs"))),
                        disk,
                        DiskMode.MOUNT))
                .isFalse();
        assertThat(approval(
                        TestLayouts.layout(LayoutTest.SIMPLE.replace("\"disk\":", mount.formatted("fuse.sshfs"))),
                        disk,
                        DiskMode.MOUNT))
                .isTrue();
    }

    private static boolean approval(Layout layout, BlockDevice disk, DiskMode mode) {
        Resolution.Resolved resolved = TestFacts.resolved(layout, new BlockDevices(List.of(disk), null));
        return Plan.of(layout, resolved, TestFacts.MACHINE, mode).needsApproval();
    }

    private static BlockDevices with(BlockDevices machine, UnaryOperator<BlockDevice> change) {
        return new BlockDevices(machine.disks().stream().map(change).toList(), null);
    }

    private static BlockDevice copy(BlockDevice d, long size, List<Signature> signatures, boolean blank) {
        return new BlockDevice(
                d.kernelName(),
                d.path(),
                d.serial(),
                d.wwn(),
                size,
                d.hardware(),
                signatures,
                d.tableUuid(),
                blank,
                d.readOnly(),
                d.partitions(),
                d.mounts(),
                d.holders(),
                d.links(),
                d.volumeGroup());
    }
}
