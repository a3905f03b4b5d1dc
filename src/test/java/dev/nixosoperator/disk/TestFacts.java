package dev.nixosoperator.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Machines as block-devices.sh would describe them. */
final class TestFacts {
    static final DmiUuid MACHINE = new DmiUuid("4C4C4544-0042-3510-8057-B7C04F4E3332");

    private TestFacts() {}

    static BlockDevices read(String name) {
        try {
            return BlockDevices.parse(Files.readString(Path.of("src/test/resources/facts", name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static BlockDevice empty(String kernelName, String... links) {
        return empty(kernelName, "SERIAL-" + kernelName, null, 64L << 30, links);
    }

    /** An empty disk with neither serial nor WWN. */
    static BlockDevice nameless(String kernelName, long bytes, String... links) {
        return empty(kernelName, null, null, bytes, links);
    }

    static BlockDevice empty(
            String kernelName, @Nullable String serial, @Nullable String wwn, long bytes, String... links) {
        return new BlockDevice(
                kernelName,
                "/dev/" + kernelName,
                serial,
                wwn,
                bytes,
                Hardware.of("Test Disk"),
                List.of(),
                null,
                true,
                false,
                List.of(),
                List.of(),
                List.of(),
                List.of(links),
                null);
    }

    /** A machine on which every device that the layout names is an empty disk. */
    static BlockDevices emptyFor(Layout layout) {
        List<BlockDevice> disks = new ArrayList<>();
        for (Layout.LogicalDisk disk : layout.disks()) {
            String device = String.valueOf(disk.device());
            boolean link = device.startsWith("/dev/disk/");
            String kernelName = link ? "vd" + (char) ('p' + disks.size()) : device.substring("/dev/".length());
            disks.add(link ? empty(kernelName, device) : empty(kernelName));
        }
        return new BlockDevices(disks, null);
    }

    static Resolution.Resolved resolved(Layout layout, BlockDevices machine) {
        return switch (Resolution.resolve(layout, List.of(), machine, DiskMode.DESTROY_FORMAT_MOUNT)) {
            case Resolution.Resolved resolved -> resolved;
            case Resolution.Unresolved no -> throw new AssertionError(no.toString());
        };
    }
}
