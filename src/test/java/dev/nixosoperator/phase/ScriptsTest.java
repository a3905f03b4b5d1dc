package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.lifecycle.Marker;
import dev.nixosoperator.lifecycle.Situation.Running;
import dev.nixosoperator.remote.Script;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts for machines, run here: by a real shell, on directories that stand for a machine. */
class ScriptsTest {
    private static final String MARKER =
            "{\"uid\":\"u\",\"namespace\":\"n\",\"name\":\"m\",\"operation\":\"%s\",\"planHash\":\"p1\",\"state\":\"%s\",\"time\":\"t\"}";

    @TempDir
    private Path root;

    private record Ran(int code, String out) {}

    private static Path script(String name) throws URISyntaxException {
        return Path.of(
                Objects.requireNonNull(Script.class.getResource(name), name).toURI());
    }

    private Ran run(String shell, String script, String stdin, String... args) throws Exception {
        List<String> argv = new ArrayList<>(List.of(
                "sh",
                "-c",
                "umask 077; exec \"$@\"",
                "job",
                shell,
                script(script).toString()));
        argv.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "NIXOS_OPERATOR_ROOT", root.toString(),
                        "NIXOS_OPERATOR_MNT", root.resolve("mnt").toString(),
                        "NIXOS_OPERATOR_RUN", root.resolve("run").toString(),
                        "NIXOS_OPERATOR_SSH", root.resolve("ssh").toString()));
        Process process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(stdin.getBytes(StandardCharsets.UTF_8));
        } catch (IOException endedBefore) {
            assertThat(endedBefore).hasMessageMatching("(?i).*(pipe|closed).*");
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out);
    }

    private Ran sh(String script, String stdin, String... args) throws Exception {
        return run("/bin/sh", script, stdin, args);
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    private String read(String path) throws IOException {
        return Files.readString(root.resolve(path));
    }

    @Test
    void thisMachineTellsItsSituationAndFacts() throws Exception {
        String script = Files.readString(script("situation.sh")) + Files.readString(script("facts.sh"));
        Process process = new ProcessBuilder("/bin/sh", "-c", script, "facts.sh").start();
        Reading reading = Reading.parse(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertThat(process.waitFor()).isZero();
        assertThat(reading.missing("boot_id", "architecture", "uid", "memory.total", "situation.end", "facts.end"))
                .isEmpty();
        assertThat(reading.get("kernel")).isEqualTo("Linux");
        assertThat(reading.situation(TestMachine.ID, null).running()).isEqualTo(Running.FOREIGN_LINUX);
        assertThat(reading.facts(List.of()).memoryMiB()).isPositive();
        assertThat(reading.yes("tool.tar")).isTrue();
    }

    private Reading facts(String shell) throws Exception {
        return Reading.parse(run(shell, "facts.sh", "").out());
    }

    /** What kexec is refused for, told by every shell that may be the machine's. */
    @ParameterizedTest
    @ValueSource(strings = {"/bin/sh", "bash", "dash"})
    void tellsWhatStandsInTheWayOfKexec(String shell) throws Exception {
        write("proc/meminfo", "MemTotal:        2048000 kB\nSwapTotal: 9999999 kB\n");
        write("proc/sys/kernel/kexec_load_disabled", "1\n");
        write("sys/kernel/kexec_loaded", "0\n");
        write("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        write("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", "\6\0\0\0\1");
        write("sys/hypervisor/type", "xen\n");
        write("sys/hypervisor/guest_type", "PV\n");
        write("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0");
        write("proc/1/environ", "A=b\0container=lxc\0C=d\0");
        assertThat(facts(shell).values())
                .containsEntry("memory.total", "2000")
                .containsEntry("boot_mode", "UEFI")
                .containsEntry("kexec.disabled", "1")
                .containsEntry("kexec.core", "yes")
                .containsEntry("kexec.lockdown", "integrity")
                .containsEntry("secure_boot", "yes")
                .containsEntry("xen_pv", "yes")
                .containsEntry("board", "Raspberry Pi 4 Model B Rev 1.4")
                .containsEntry("container", "lxc")
                .containsEntry("facts.end", "yes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bin/sh", "bash", "dash"})
    void aMachineWithNothingInTheWayOfKexecSaysSo(String shell) throws Exception {
        write("proc/sys/kernel/kexec_load_disabled", "0\n");
        write("sys/kernel/kexec/loaded", "0\n");
        write("sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
        assertThat(facts(shell).values())
                .containsEntry("boot_mode", "BIOS")
                .containsEntry("kexec.disabled", "0")
                .containsEntry("kexec.core", "yes")
                .containsEntry("kexec.lockdown", "none")
                .containsEntry("secure_boot", "no")
                .containsEntry("xen_pv", "no")
                .containsEntry("container", "none")
                .doesNotContainKey("board");
    }

    @ParameterizedTest
    @CsvSource({
        ".dockerenv,          docker",
        "run/.containerenv,   podman",
        "proc/vz/version,     openvz",
        "proc/nothing,        none"
    })
    void containersAreKnownWithoutSystemd(String file, String kind) throws Exception {
        write(file, "");
        assertThat(facts("/bin/sh").get("container")).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c | 1 | yes",
                "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c | 0 | no",
                "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c | 7 | unknown",
                "BootOrder-8be4df61-93ca-11d2-aa0d-00e098032b8c  | 1 | no",
                "../vars                                         | 1 | unknown"
            })
    void secureBootIsReadFromTheFirmware(String variable, int value, String told) throws Exception {
        Files.createDirectories(root.resolve("sys/firmware/efi/efivars"));
        write("sys/firmware/efi/efivars/" + variable, "\6\0\0\0" + (char) value);
        assertThat(facts("/bin/sh").get("secure_boot")).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource({"debian,,,FOREIGN_LINUX", "nixos,,'',NIXOS", "nixos,,installer,INSTALLER", "mine,debian nixos,,NIXOS"})
    void tellsWhatRuns(String id, String like, String variant, Running running) throws Exception {
        write("etc/os-release", "ID=%s\nID_LIKE=\"%s\"\nVARIANT_ID='%s'\n".formatted(id, text(like), text(variant)));
        Reading reading = Reading.parse(sh("situation.sh", "").out());
        assertThat(reading.situation(TestMachine.ID, null).running()).isEqualTo(running);
    }

    private static String text(@org.jspecify.annotations.Nullable String value) {
        return value == null ? "" : value;
    }

    @Test
    void readsMarkersOfAnInstalledSystem() throws Exception {
        write("etc/os-release", "ID=nixos\n");
        write(
                "nix/var/nixos-operator/machine.json",
                MARKER.formatted("op-1", "INSTALLED").replace(",", ",\n") + "\n");
        assertThat(Reading.parse(sh("situation.sh", "").out())
                        .situation(TestMachine.ID, null)
                        .diskMarker())
                .extracting(Marker::operation, Marker::state)
                .containsExactly("op-1", Marker.State.INSTALLED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"uid\":", "{}", "[]", "null", "{\"uid\":\"u\",\"state\":\"UNHEARD\"}"})
    void aMarkerThatCannotBeReadIsNone(String text) throws Exception {
        write("nix/var/nixos-operator/machine.json", text);
        assertThat(Reading.parse(sh("situation.sh", "").out())
                        .situation(TestMachine.ID, null)
                        .diskMarker())
                .isNull();
    }

    @Test
    void deepLookWritesNothingAndEnds() throws Exception {
        Ran ran = sh("situation.sh", "", "deep", Files.readString(script("situation.sh")));
        assertThat(Reading.parse(ran.out()).yes("situation.end")).as(ran.out()).isTrue();
    }

    @Test
    void placesAFileOnlyInsideTheRoot() throws Exception {
        Files.createDirectories(root.resolve("mnt"));
        Files.createDirectories(root.resolve("outside"));
        Files.createSymbolicLink(root.resolve("mnt/link"), root.resolve("outside"));
        Files.createSymbolicLink(root.resolve("mnt/inside"), Path.of("etc"));
        for (int twice = 0; twice < 2; twice++) {
            assertThat(sh("place-file.sh", "abc", "/etc/a b/it's", "0640", "0:0", "3"))
                    .isEqualTo(new Ran(0, ""));
        }
        assertThat(read("mnt/etc/a b/it's")).isEqualTo("abc");
        assertThat(Files.getPosixFilePermissions(root.resolve("mnt/etc/a b/it's")))
                .hasSize(3);
        assertThat(sh("place-file.sh", "x", "/inside/y", "0600", "0:0", "1").code())
                .isZero();
        assertThat(sh("place-file.sh", "x", "/link/y", "0600", "0:0", "1").out())
                .contains("leads out of");
        assertThat(sh("place-file.sh", "x", "/etc/../../y", "0600", "0:0", "1").out())
                .contains("not a plain path");
        assertThat(sh("place-file.sh", "x", "/etc", "0600", "0:0", "1").out()).contains("is a directory");
        assertThat(sh("place-file.sh", "short", "/etc/z", "0600", "0:0", "9").out())
                .contains("5 of 9 bytes");
        assertThat(root.resolve("outside")).isEmptyDirectory();
        assertThat(root.resolve("mnt/etc/z")).doesNotExist();
    }

    @Test
    void keepsHostKeysAndMakesTheirPublicPartsTrue() throws Exception {
        Files.createDirectories(root.resolve("mnt"));
        Files.createDirectories(root.resolve("ssh"));
        keygen("ssh/ssh_host_ed25519_key");
        write("ssh/ssh_host_ed25519_key.pub", "ssh-ed25519 AAAAwrong\n");
        Ran first = sh("host-keys.sh", "", "preserve");
        assertThat(first.code()).as(first.out()).isZero();
        assertThat(first.out()).startsWith("key=ssh-ed25519 AAAAC3").doesNotContain("wrong");
        assertThat(sh("host-keys.sh", "", "preserve")).isEqualTo(first);
        assertThat(sh("host-keys.sh", "", "read")).isEqualTo(first);
        assertThat(Files.getPosixFilePermissions(root.resolve("mnt/etc/ssh/ssh_host_ed25519_key")))
                .hasSize(2);
    }

    private void keygen(String path) throws Exception {
        assertThat(new ProcessBuilder(
                                "ssh-keygen",
                                "-q",
                                "-t",
                                "ed25519",
                                "-N",
                                "",
                                "-f",
                                root.resolve(path).toString())
                        .start()
                        .waitFor())
                .isZero();
    }

    private void diskScripts() throws IOException {
        for (String name : List.of("destroy", "format", "unmount")) {
            write("scripts/" + name + ".sh", "echo " + name + " >> " + root + "/log\n");
        }
        write("scripts/look.sh", "echo look >> " + root + "/log; cat " + root + "/unmounted || true\n");
        write(
                "scripts/mount.sh",
                "echo mount >> %1$s/log; mkdir -p %1$s/mnt/nix/var/nixos-operator; cp %1$s/unmounted %1$s/mnt/nix/var/nixos-operator/machine.json || true\n"
                        .formatted(root));
    }

    private Ran disks(String mode) throws Exception {
        return run(
                "/bin/bash",
                "disks.sh",
                "",
                "op-1",
                "p1",
                mode,
                root.resolve("scripts").toString(),
                MARKER.formatted("op-1", "FORMAT_STARTED"),
                MARKER.formatted("op-1", "FORMAT_DONE"));
    }

    @Test
    void formatsOnceForAnOperation() throws Exception {
        diskScripts();
        assertThat(disks("DestroyFormatMount").code()).isZero();
        assertThat(read("log")).isEqualTo("destroy\nformat\nmount\n");
        assertThat(read("mnt/nix/var/nixos-operator/machine.json")).contains("FORMAT_DONE");
        assertThat(read("run/machine.json")).contains("FORMAT_DONE");
        // Begun with umask 077 as jobs are: without x for others no daemon of the installed system finds its program.
        assertThat(Files.getPosixFilePermissions(root.resolve("mnt/nix")))
                .contains(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);
        assertThat(disks("DestroyFormatMount").out()).contains("::failed begun");
        Files.delete(root.resolve("run/machine.json"));
        assertThat(disks("FormatMount").out()).contains("::failed begun");
        assertThat(read("log")).isEqualTo("destroy\nformat\nmount\n");
    }

    @Test
    void aFormatThatBrokeOffIsNeverBegunAgain() throws Exception {
        diskScripts();
        write("scripts/format.sh", "echo half\nexit 1\n");
        Ran broken = disks("DestroyFormatMount");
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.out()).contains("half", "::failed format");
        assertThat(read("run/machine.json")).contains("FORMAT_STARTED");
        diskScripts();
        assertThat(disks("DestroyFormatMount").out()).contains("::failed begun");
        assertThat(disks("TryMount").out()).contains("::failed marker");
        assertThat(read("log")).isEqualTo("destroy\nunmount\nlook\nunmount\n");
    }

    @Test
    void aMountThatFailedMayBeTriedAgain() throws Exception {
        diskScripts();
        write("scripts/mount.sh", "exit 1\n");
        assertThat(disks("DestroyFormatMount").out()).contains("::failed mount");
        diskScripts();
        assertThat(disks("TryMount").code()).isZero();
        assertThat(read("mnt/nix/var/nixos-operator/machine.json")).contains("FORMAT_DONE");
        assertThat(read("log")).isEqualTo("destroy\nformat\nunmount\nmount\n");
    }

    /** After a restart: mounting for writing replays journals, so it needs the marker of a finished format. */
    @ParameterizedTest
    @CsvSource({
        "op-1, p1, FORMAT_DONE,    '',             look unmount mount",
        "op-1, p1, INSTALLED,      '',             look unmount mount",
        "op-1, p1, FORMAT_STARTED, ::failed marker, look unmount",
        "op-2, p1, FORMAT_DONE,    ::failed marker, look unmount",
        "op-1, p2, FORMAT_DONE,    ::failed marker, look unmount"
    })
    void mountsOnlyWhatWasFormattedForThis(String operation, String plan, String state, String failed, String ran)
            throws Exception {
        diskScripts();
        write("unmounted", MARKER.formatted(operation, state).replace("p1", plan));
        assertThat(disks("TryMount").out()).contains(failed);
        assertThat(read("log").strip().replace('\n', ' ')).isEqualTo(ran);
    }

    @Test
    void aLookOrAMountThatFailsLeavesNothingOpen() throws Exception {
        diskScripts();
        write("unmounted", MARKER.formatted("op-1", "FORMAT_DONE"));
        write("scripts/mount.sh", "exit 1\n");
        assertThat(disks("TryMount").out()).contains("::failed mount");
        write("scripts/look.sh", "exit 1\n");
        assertThat(disks("TryMount").out()).contains("::failed look");
        assertThat(read("log")).isEqualTo("look\nunmount\nunmount\nunmount\n");
        assertThat(root.resolve("run/machine.json")).doesNotExist();
    }

    @Test
    void mountModesRunNoOtherScripts() throws Exception {
        diskScripts();
        assertThat(disks("Mount").code()).isZero();
        assertThat(read("log")).isEqualTo("mount\n");
    }

    @Test
    void whatIsMountedMustCarryTheMarkerThatWasSeen() throws Exception {
        diskScripts();
        write("scripts/look.sh", "echo '" + MARKER.formatted("op-1", "FORMAT_DONE") + "'\n");
        write("unmounted", MARKER.formatted("op-1", "FORMAT_DONE").replace("p1", "p2"));
        assertThat(disks("TryMount").out()).contains("::failed marker");
        assertThat(read("log")).isEqualTo("unmount\nmount\nunmount\n");
    }

    @Test
    void marksOnlyWhatItFormatted() throws Exception {
        write("mnt/nix/var/nixos-operator/machine.json", MARKER.formatted("op-1", "FORMAT_DONE"));
        assertThat(sh("mark-installed.sh", MARKER.formatted("op-2", "INSTALLED"), "op-2")
                        .code())
                .isNotZero();
        assertThat(sh("mark-installed.sh", MARKER.formatted("op-1", "INSTALLED"), "op-1")
                        .code())
                .isZero();
        assertThat(read("mnt/nix/var/nixos-operator/machine.json")).contains("INSTALLED");
    }

    @Test
    void aTransferThatBreaksOffLeavesNoArchive() throws Exception {
        Ran ran = sh("receive.sh", "abc", "1", "test-" + ProcessHandle.current().pid(), "3");
        assertThat(ran.code()).as(ran.out()).isZero();
        Path dir = Path.of(ran.out().strip().substring("dir=".length()));
        assertThat(Files.readString(dir.resolve("archive"))).isEqualTo("abc");
        Files.delete(dir.resolve("archive"));
        assertThat(sh(
                                "receive.sh",
                                "abc",
                                "1",
                                "test-" + ProcessHandle.current().pid(),
                                "9")
                        .out())
                .contains("3 of 9 bytes");
        assertThat(dir.resolve("archive")).doesNotExist();
        try (Stream<Path> left = Files.list(dir)) {
            for (Path file : left.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(dir);
        assertThat(sh("receive.sh", "", "999999999999", "x", "-").code()).isEqualTo(28);
    }
}
