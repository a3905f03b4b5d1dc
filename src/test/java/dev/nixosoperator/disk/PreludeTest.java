package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single functions of the prelude; what a machine that builds may lack, LVM and servers of files, is played. */
class PreludeTest {
    private static final Path PRELUDE = Path.of("src/main/resources/dev/nixosoperator/disk/prelude.bash");

    @TempDir
    Path dir;

    private String bash(String lines) throws IOException {
        Path script = Files.writeString(dir.resolve("script"), Files.readString(PRELUDE) + lines);
        Process process = new ProcessBuilder("bash", script.toString())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return out + "exit " + process.onExit().join().exitValue();
    }

    /** lvcreate takes none of these arguments beside {@code --type linear}; that they are wrong would be told when the disks are wiped already. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    1G 1073741824 linear -                     |                      | --name a --size 1G -- g
                    100%FREE 0 - - -i 2                        |                      | --name a --extents 100%FREE -i 2 -- g
                    1G 1073741824 - - --type raid10            |                      | --name a --size 1G --type raid10 -- g
                    1G 1073741824 raid1 - -m2                  |                      | --name a --size 1G --type raid1 -m2 -- g
                    1G 1073741824 thinlv pool                  |                      | --name a --type thin --thinpool pool --virtualsize 1G -- g
                    1G 1073741824 - - -i 2                     | striped 1073741824   |
                    1G 1073741824 - - --type raid10            | raid10 1073741824    |
                    1G 1073741824 - - -m1                      | raid1 1073741824     |
                    1G 1073741824 linear -                     | linear 1073741824    |
                    1G 1073741824 - - -m1                      | raid1 9073741824     | has 9073741824 bytes, wanted are 1073741824
                    1G 1073741824 linear -                     | raid1 1073741824     | is of the kind raid1, wanted is linear
                    """)
    void aVolumeIsOfTheKindOfItsArguments(String wanted, @Nullable String there, @Nullable String told)
            throws IOException {
        String out = bash(
                """
                settle() { :; }
                wipefs() { :; }
                node_of() { :; }
                lv_now() { printf '%%s' '%s'; }
                lvm_in() { echo "$*"; }
                make_lv g a %s
                """
                        .formatted(there == null ? "" : there, wanted));
        if (told == null) {
            assertThat(out).isEqualTo("the logical volume is there\nexit 0");
        } else {
            assertThat(out).contains(told).endsWith(there == null ? "exit 0" : "exit 71");
        }
    }

    /** With disko it is mounted once more each time, and never unmounted (fault 7 of the reference). */
    @Test
    void aShareIsMountedOnceAndUnmounted() throws IOException {
        String out = bash(
                """
                findmnt() { if [[ -s $0.nfs ]]; then case $* in *MAJ:MIN*) echo 0:50 nas:/x ;; *) echo nfs4 ;; esac; fi; }
                mount() { echo "mount $*"; echo yes >"$0.nfs"; }
                umount() { echo "umount $*"; : >"$0.nfs"; }
                mount_nodev nfs nfs nas:/x /x vers=4
                mount_nodev nfs nfs nas:/x /x vers=4
                unmount_nodev nfs nas:/x /x
                unmount_nodev nfs nas:/x /x
                """);
        assertThat(out.lines())
                .containsExactly(
                        "mount -t nfs -o vers=4 -o X-mount.mkdir nas:/x /mnt/x",
                        "/mnt/x is mounted",
                        "umount --recursive -- /mnt/x",
                        "exit 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    raw KEY                 | secret | exit 0
                    raw KEY 2 4             | secret | exit 0
                    raw KEY 2 0             | secret | exit 0
                    raw KEY 2 5             | secret | has 6 bytes, wanted are 5 from 2 on
                    raw KEY 6 0             | secret | has 6 bytes, wanted are 0 from 6 on
                    raw KEY 9223372036854775807 8388608 | secret | has 6 bytes
                    raw KEY                 |        | is missing or empty
                    text KEY                | \\n    | holds nothing but newlines
                    """)
    void aKeyIsThereBeforeTheDisksAreWiped(String call, @Nullable String file, String told) throws IOException {
        Path key = Files.writeString(dir.resolve("key"), file == null ? "" : file.translateEscapes());
        assertThat(bash("need_key " + call.replace("KEY", key.toString()))).contains(told);
    }
}
