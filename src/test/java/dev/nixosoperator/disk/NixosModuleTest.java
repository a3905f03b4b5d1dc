package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths of whole disks are those of the layout, and a machine may have others: which ones stand there is said. */
class NixosModuleTest {
    private static final String ROOT = "{type: filesystem, format: ext4, mountpoint: /}";
    private static final String BIOS =
            "{type: gpt, partitions: {b: {size: 1M, type: EF02}, r: {size: 100%, content: " + ROOT + "}}}";
    private static final String UEFI = "{type: gpt, partitions: {r: {size: 100%, content: " + ROOT + "}}}";

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a boot loader on a disk      | {device: /dev/sda, content: BIOS}        | /dev/sda is the layout's disk main | true
                    a file system on a disk      | {device: /dev/sda, content: ROOT}        | /dev/sda is the layout's disk main | true
                    partitions by their labels   | {device: /dev/sda, content: UEFI}        | ''                                 | false
                    left to the machine          | {content: BIOS}                          | Disk main has no device            | false
                    left to a selector           | {selector: {serial: S1}, content: BIOS}  | Disk main has no device            | false
                    """)
    void saysWhichPathsAreTheLayouts(String what, String disk, String says, boolean path) {
        Layout layout = TestLayouts.layout("{disk: {main: "
                + disk.replace("BIOS", BIOS).replace("UEFI", UEFI).replace("ROOT", ROOT) + "}}");
        String module = NixosModule.filesystemsNix(layout);
        assertThat(module).contains(says);
        assertThat(module.lines().filter(line -> line.startsWith("#"))).hasSize(says.isEmpty() ? 1 : 2);
        assertThat(module.lines().anyMatch(line -> !line.startsWith("#") && line.contains("/dev/sda")))
                .isEqualTo(path);
        assertThat(NixosModule.named(layout)).hasSize(path ? 1 : 0);
    }
}
