package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code mvn verify -Pbenchmark}: how long a big layout takes from JSON to scripts, plan and NixOS' settings, beside Jackson reading that JSON. */
class LayoutBenchmark {
    private static final int DISKS = 24;
    private static final int ROUNDS = 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    @FunctionalInterface
    private interface Work {
        int run() throws IOException;
    }

    @Test
    void twentyFourDisksWithZfs() throws IOException {
        String text = TestLayouts.tree(layout()).toString();
        double reading = median(() -> JSON.readTree(text).size());
        double compiling = median(() -> compile(JSON.readTree(text)));
        System.out.printf(
                "layout of %d disks with ZFS, %d bytes of JSON: compiled in %.2f ms (median of %d, warm), %.0f x Jackson's reading of it%n",
                DISKS, text.length(), compiling, ROUNDS / 2, compiling / reading);
    }

    private static int compile(JsonNode tree) {
        Layout layout = Objects.requireNonNull(Layout.parse(tree).layout());
        Resolution.Resolved resolved = TestFacts.resolved(layout, TestFacts.emptyFor(layout));
        Plan plan = Plan.of(layout, resolved, TestFacts.MACHINE, DiskMode.DESTROY_FORMAT_MOUNT);
        Scripts scripts = Scripts.render(layout, resolved, DiskMode.DESTROY_FORMAT_MOUNT);
        assertThat(plan.disks()).hasSize(DISKS);
        return scripts.format().length() + NixosModule.filesystemsNix(layout).length();
    }

    /** Milliseconds; the first half of the rounds only warms up. */
    private static double median(Work work) throws IOException {
        long[] nanos = new long[ROUNDS];
        int sink = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long start = System.nanoTime();
            sink += work.run();
            nanos[i] = System.nanoTime() - start;
        }
        assertThat(sink).isPositive();
        long[] warm = Arrays.copyOfRange(nanos, ROUNDS / 2, ROUNDS);
        Arrays.sort(warm);
        return warm[warm.length / 2] / 1e6;
    }

    private static String layout() {
        String disks = IntStream.range(0, DISKS)
                .mapToObj(i ->
                        "  d%02d: {device: /dev/disk/by-id/d%02d, content: {type: gpt, partitions: {%szfs: {size: 100%%, content: {type: zfs, pool: tank}}}}}\n"
                                .formatted(
                                        i,
                                        i,
                                        i > 1
                                                ? ""
                                                : "ESP: {size: 1G, type: EF00, content: {type: filesystem, format: vfat, mountpoint: /boot%d}}, "
                                                        .formatted(i)))
                .collect(Collectors.joining());
        String vdevs = IntStream.range(0, DISKS / 6)
                .mapToObj(v -> "{mode: raidz2, members: ["
                        + IntStream.range(v * 6, v * 6 + 6)
                                .mapToObj("d%02d"::formatted)
                                .collect(Collectors.joining(", "))
                        + "]}")
                .collect(Collectors.joining(", "));
        String datasets = IntStream.range(0, 20)
                .mapToObj(i ->
                        "      data%d: {type: zfs_fs, mountpoint: /data/%d, options: {quota: 1T}}\n".formatted(i, i))
                .collect(Collectors.joining());
        return "disk:\n" + disks + "zpool:\n  tank:\n    mode: {topology: {type: topology, vdev: [" + vdevs + "]}}\n"
                + "    mountpoint: /\n    datasets:\n" + datasets;
    }
}
