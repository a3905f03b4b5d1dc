package dev.nixosoperator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nixosoperator.disk.BlockDevices;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The machine of {@code facts/debian.json}: an NVMe with the running system, and a disk with LVM. */
class PlanCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FACTS = Path.of("src/test/resources/facts/debian.json");
    private static final String UUID = "4C4C4544-0042-3510-8057-B7C04F4E3332";

    @TempDir
    Path directory;

    private Path layout;

    @BeforeEach
    void layout() throws IOException {
        layout = Files.writeString(
                directory.resolve("layout.yaml"),
                """
                disk:
                  main:
                    device: /dev/nvme0n1
                    content:
                      type: gpt
                      partitions:
                        bios: {size: 1M, type: EF02}
                        root: {size: 100%, content: {type: filesystem, format: ext4, mountpoint: /}}
                """);
    }

    private Ran plan(Object... more) {
        return Ran.command(
                new PlanCommand(),
                Stream.concat(Stream.of(layout), Stream.of(more)).toArray());
    }

    @Test
    void tellsWhatAPersonApproves() {
        Ran ran = plan("--facts", FACTS, "--machine-uuid", UUID);
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out().replaceAll(";.*|[0-9a-f]{32}", "…"))
                .isEqualTo(
                        """
                        DISK  DEVICE        SIZE      MODEL                           SERIAL          WWN                   HOLDS                                      HAPPENS
                        main  /dev/nvme0n1  512.1 GB  Samsung SSD 970 EVO Plus 500GB  S4EVNX0M123456  eui.0025385b01c0ffee  gpt: nvme0n1p1 vfat "EFI", nvme0n1p2 ext4  destroy and format

                        main becomes
                          1 disk-main-bios (1M): raw, type EF02
                          2 disk-main-root (the rest): ext4 → /

                        warning: disk main: /dev/nvme0n1 is a name that may be another disk after a reboot…
                        warning: disk main: in use now by the running system: /boot/efi, /
                        plan: …
                        must approve: a person, unless install.wipePolicy is Allow
                        """);
    }

    @Test
    void aRootIsNotNeeded() throws IOException {
        Files.writeString(layout, Files.readString(layout).replace("mountpoint: /", "mountpoint: /data"));
        Ran ran = plan("--facts", FACTS);
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("ext4 → /data");
    }

    @Test
    void theHashNeedsTheMachine() {
        assertThat(plan("--facts", FACTS).out())
                .contains("unknown: the plan's hash, which --machine-uuid is a part of\nplan: no hash");
    }

    @Test
    void aProgramReadsJson() throws IOException {
        JsonNode report = JSON.readTree(
                plan("--facts", FACTS, "--machine-uuid", UUID, "-o", "json").out());
        assertThat(report.path("hash").asText()).matches("[0-9a-f]{32}");
        assertThat(report.path("approval").asText()).isEqualTo("ByPolicy");
        assertThat(report.at("/disks/0/serial").asText()).isEqualTo("S4EVNX0M123456");
        assertThat(report.at("/disks/0/result")).hasSize(2);
    }

    @Test
    void theDiskOfAMachineWinsOverTheLayouts() {
        Ran ran = plan("--facts", FACTS, "--disk", "main=/dev/sda", "--disk-mode", "FormatMount");
        assertThat(ran.out())
                .contains("/dev/sda")
                .contains("create what is missing, keep the rest")
                .contains("warning: filesystems.nix of the layout names /dev/nvme0n1 for disk main");
    }

    /** No probe: nothing is known to be empty, and what a person approves has no hash. */
    @Test
    void lsblkAloneSufficesForAPlanWithoutHash() throws IOException {
        Path lsblk = Files.writeString(
                directory.resolve("lsblk.json"),
                """
                {"blockdevices": [{"name": "nvme0n1", "kname": "nvme0n1", "path": "/dev/nvme0n1", "type": "disk",
                 "size": 512110190592, "serial": "S1", "wwn": null, "model": "M", "fstype": null, "pttype": null}]}
                """);
        Ran ran = plan("--facts", lsblk, "--machine-uuid", UUID);
        assertThat(ran.out())
                .contains("not probed")
                .contains("unknown: lsblk makes no probe")
                .contains("plan: no hash")
                .contains("must approve: a person, unless");
        Path members = Files.writeString(
                directory.resolve("members.json"),
                """
                {"blockdevices": [
                 {"kname": "nvme0n1", "path": "/dev/nvme0n1", "type": "disk", "size": 512110190592, "serial": "S1",
                  "fstype": "btrfs", "uuid": "u"},
                 {"kname": "sda", "path": "/dev/sda", "type": "disk", "size": 512110190592, "serial": "S2", "fstype": null,
                  "children": [{"kname": "sda1", "path": "/dev/sda1", "type": "part", "size": 1, "fstype": "btrfs", "uuid": "u"}]}]}
                """);
        assertThat(plan("--facts", members).err()).contains("is part of btrfs u, and so is /dev/sda");
    }

    @Test
    void factsThatDoNotSufficeAreSaid() throws IOException {
        Path human = Files.writeString(
                directory.resolve("human.json"),
                "{\"blockdevices\": [{\"name\": \"sda\", \"size\": \"465.8G\", \"type\": \"disk\"}]}");
        assertThat(plan("--facts", human))
                .isEqualTo(new Ran(
                        1,
                        "",
                        human
                                + ": a device without kname, path, type, fstype or a size in bytes; this needs the output of"
                                + " lsblk --json --bytes --output-all; lsblk tells few of the links below /dev/disk:"
                                + " --print-facts-script prints what finds them all\n"));
        assertThat(plan("--facts", layout).err()).contains("the description of the disks is not readable");
        assertThat(plan("--facts", directory.resolve("absent")).err())
                .isEqualTo(directory.resolve("absent") + ": cannot be read: there is no such file or directory\n");
        assertThat(plan("--facts", FACTS, "--disk", "main=/dev/sdz").err())
                .startsWith(FACTS + ": disk 'main' (/dev/sdz) matches none of the machine's disks: ");
        assertThat(plan().status()).isEqualTo(2);
        assertThat(plan("--facts", FACTS, "--disk-mode", "Wipe").err()).contains("DestroyFormatMount");
    }

    /** What it prints is what it reads: run here, on whatever disks there are. */
    @Test
    void printsTheScriptOfTheOperator() throws Exception {
        Ran ran = Ran.command(new PlanCommand(), "--print-facts-script");
        Process process = new ProcessBuilder("sh", "-s").start();
        try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
            stdin.write(ran.out());
        }
        BlockDevices here =
                BlockDevices.parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertThat(here.problem()).isNull();
    }
}
