package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.remote.Script;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts that look at a new system before its first boot, on directories and files that stand for a machine. */
class InstalledScriptTest {
    private static final String TOPLEVEL = TestMachine.TOPLEVEL;
    private static final int SECTOR = 512;
    private static final int CORE = 34;

    @TempDir
    private Path root;

    private Path disk;

    @BeforeEach
    void machine() throws IOException {
        disk = Files.write(root.resolve("disk"), new byte[100 * SECTOR]);
        write("host/proc/self/mounts", "/dev/vda3 %1$s/mnt ext4 rw 0 0\n".formatted(root));
        program("lsblk", "case $* in *-nslpo*/dev/vda3*) echo '/dev/vda3 part'; echo '" + disk + " disk' ;; esac");
        program("uname", "echo x86_64");
        Files.createDirectories(root.resolve("mnt/boot"));
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    private void program(String name, String body) throws IOException {
        write("bin/" + name, "#!/bin/sh\n" + body + "\n");
        assertThat(root.resolve("bin/" + name).toFile().setExecutable(true)).isTrue();
    }

    private record Ran(int code, String out) {}

    private Ran run(String script, String... args) throws Exception {
        List<String> argv = new ArrayList<>(List.of(
                "/bin/sh",
                Path.of(Objects.requireNonNull(Script.class.getResource(script)).toURI())
                        .toString()));
        argv.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "NIXOS_OPERATOR_ROOT", root.resolve("host").toString(),
                        "NIXOS_OPERATOR_MNT", root.resolve("mnt").toString(),
                        "PATH", root.resolve("bin") + ":" + System.getenv("PATH")));
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out);
    }

    private Reading installed() throws Exception {
        return Reading.parse(run("installed.sh", TOPLEVEL).out());
    }

    @Test
    void findsTheProfileThroughItsLinks() throws Exception {
        Path profiles = Files.createDirectories(root.resolve("mnt/nix/var/nix/profiles"));
        Files.createSymbolicLink(profiles.resolve("system"), Path.of("system-1-link"));
        Files.createSymbolicLink(profiles.resolve("system-1-link"), Path.of(TOPLEVEL));
        assertThat(installed().get("profile")).isEqualTo(TOPLEVEL);
    }

    @ParameterizedTest
    @CsvSource({
        "boot/grub/grub.cfg, linux /k init=%s/init, yes",
        "boot/loader/entries/nixos-generation-1.conf, options init=%s/init, yes",
        "boot/EFI/Linux/nixos-generation-1.efi, .cmdline init=%s/init, yes",
        "boot/grub/grub.cfg, linux /k init=/nix/store/another/init, no",
        "etc/nixos/notes, %s, no"
    })
    void aBootEntryNamesTheSystem(String file, String text, String found) throws Exception {
        write("mnt/" + file, text.formatted(TOPLEVEL));
        assertThat(installed().get("boot")).isEqualTo(found);
    }

    private void bootCode(String code, int core, String inCore) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(disk)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(92, core);
        bytes.put(300, code.getBytes(StandardCharsets.US_ASCII));
        bytes.put(CORE * SECTOR, inCore.getBytes(StandardCharsets.US_ASCII));
        Files.write(disk, bytes.array());
    }

    @Test
    void anEmptyDiskHasNoBootLoader() throws Exception {
        assertThat(installed().get("loader.bios")).isEqualTo("no");
    }

    @ParameterizedTest
    @CsvSource({
        "GRUB, 34, core, yes",
        "GRUB, 34, '', no",
        "GRUB, 60, core, no",
        "GRUB, 99999, core, no",
        "ISOLINUX, 0, '', yes"
    })
    void grubIsThereOnlyWithItsCoreImage(String code, int core, String inCore, String found) throws Exception {
        bootCode(code, core, inCore);
        assertThat(installed().get("loader.bios")).isEqualTo(found);
    }

    /** A pool is no device that could be followed to its disks. */
    @Test
    void wherePoolsHoldTheSystemAnyDiskMayStartIt() throws Exception {
        bootCode("GRUB", CORE, "core");
        write("host/proc/self/mounts", "rpool/root %s/mnt zfs rw 0 0\n".formatted(root));
        program("lsblk", "case $* in *-ndpo*) echo '" + disk + " disk' ;; esac");
        assertThat(installed().get("loader.bios")).isEqualTo("yes");
    }

    /** The disk of the old system beside it is no proof. */
    @Test
    void aDiskThatHoldsNothingOfTheSystemDoesNotCount() throws Exception {
        bootCode("GRUB", CORE, "core");
        Path other = Files.write(root.resolve("other"), new byte[100 * SECTOR]);
        program("lsblk", "case $* in *-nslpo*) echo '" + other + " disk' ;; *) echo '" + disk + " disk' ;; esac");
        assertThat(installed().get("loader.bios")).isEqualTo("no");
    }

    @ParameterizedTest
    @CsvSource({
        "vfat, EFI/BOOT/BOOTX64.EFI, x86_64, yes",
        "vfat, efi/boot/bootx64.efi, x86_64, yes",
        "vfat, EFI/BOOT/BOOTAA64.EFI, x86_64, no",
        "vfat, EFI/BOOT/BOOTAA64.EFI, aarch64, yes",
        "vfat, EFI/NixOS-boot/grubx64.efi, x86_64, no",
        "ext4, EFI/BOOT/BOOTX64.EFI, x86_64, no",
    })
    void theFirmwareFindsAProgramOnFat(String type, String file, String architecture, String found) throws Exception {
        program("uname", "echo " + architecture);
        write("host/proc/self/mounts", "/dev/vda1 %s/mnt/boot %s rw 0 0\n".formatted(root, type));
        write("mnt/boot/" + file, "MZ");
        assertThat(installed().get("loader.efi")).isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource({"\\EFI\\NixOS-boot\\grubx64.efi, yes", "\\EFI\\debian\\grubx64.efi, no"})
    void aBootEntryOfTheFirmwareNamesAProgramElsewhere(String path, String found) throws Exception {
        write("host/proc/self/mounts", "/dev/vda1 %s/mnt/boot vfat rw 0 0\n".formatted(root));
        write("mnt/boot/EFI/NixOS-boot/grubx64.efi", "MZ");
        Path variable = root.resolve("host/sys/firmware/efi/efivars/Boot0003-8be4df61-93ca-11d2-aa0d-00e098032b8c");
        Files.createDirectories(Objects.requireNonNull(variable.getParent()));
        Files.write(variable, ("\7" + path).getBytes(StandardCharsets.UTF_16LE));
        assertThat(installed()).satisfies(reading -> {
            assertThat(reading.get("firmware")).isEqualTo("UEFI");
            assertThat(reading.get("loader.efi")).isEqualTo(found);
        });
    }

    private Ran unlocks(String form, String file, String opensWith) throws Exception {
        write(
                "bin/cryptsetup",
                """
                #!/bin/sh
                case $1 in
                status) printf '/dev/mapper/%%s is active.\\n  type:    LUKS2\\n  device:  /dev/vda2\\n' "$2" ;;
                open)
                	case $* in *--key-file=-*) key=$(cat; echo .) ;; *) key=$(cat '%s'; echo .) ;; esac
                	case $* in *--test-passphrase*/dev/vda2) [ "$key" = '%s.' ] || exit 2 ;; *) exit 9 ;; esac ;;
                esac
                """
                        .formatted(root.resolve("key"), opensWith));
        assertThat(root.resolve("bin/cryptsetup").toFile().setExecutable(true)).isTrue();
        write("key", file);
        return run("unlocks.sh", "crypt", form, root.resolve("key").toString());
    }

    @Test
    void aPassphraseIsTriedAsItIsTyped() throws Exception {
        assertThat(unlocks("text", "secret\n", "secret").code()).isZero();
        assertThat(unlocks("text", "secret", "secret").code()).isZero();
        assertThat(unlocks("text", "other", "secret").code()).isEqualTo(2);
    }

    @Test
    void aKeyFileIsTriedByteByByte() throws Exception {
        assertThat(unlocks("raw", "secret\n", "secret\n").code()).isZero();
        assertThat(unlocks("raw", "secret\n", "secret").code()).isEqualTo(2);
    }

    @Test
    void aKeyThatIsGoneIsNoKey() throws Exception {
        assertThat(run("unlocks.sh", "crypt", "text", root.resolve("nokey").toString()))
                .satisfies(ran -> {
                    assertThat(ran.code()).isEqualTo(3);
                    assertThat(ran.out()).contains("nokey is not there");
                });
    }

    @Test
    void tellsTheRoomOfTheStoreAndWhatItHolds() throws Exception {
        Reading before = Reading.parse(run("room.sh").out());
        assertThat(before.number("free")).isPresent();
        Files.createDirectories(root.resolve("mnt/nix/store/abc-hello"));
        Reading after = Reading.parse(run("room.sh").out());
        assertThat(after.number("free")).isPresent();
        assertThat(after.yes("has.abc-hello")).isTrue();
        assertThat(after.yes("has.abc-other")).isFalse();
    }

    /** The installer's own store and its /tmp are memory. */
    @ParameterizedTest
    @CsvSource({"'', nix copy", "http://cache, nix-store --realise"})
    void nothingOfACopyPassesThroughTheInstallersMemory(String cache, String command) throws Exception {
        for (String program : List.of("nix", "nix-store")) {
            program(program, "echo " + program + " $* TMPDIR=$TMPDIR");
        }
        String mnt = root.resolve("mnt").toString();
        assertThat(run("copy.sh", TOPLEVEL, cache, "key:AAAA").out())
                .contains(command.split(" "))
                .contains("local?root=" + mnt, TOPLEVEL, "TMPDIR=" + mnt + "/tmp");
    }

    @Test
    void tellsTheTracesOfACrash() throws Exception {
        write("host/sys/fs/pstore/dmesg-efi-1", "Panic#1 Part1\n<0>Kernel panic - not syncing: Fatal exception\n");
        assertThat(run("traces.sh")).satisfies(ran -> {
            assertThat(ran.code()).isZero();
            assertThat(ran.out()).contains("--- /sys/fs/pstore/dmesg-efi-1", "Kernel panic - not syncing");
        });
    }
}
