package dev.nixosoperator.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nixosoperator.bench.Missing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The deep look on real block devices: two loop devices under other names. Needs root. */
class SituationIT {
    @TempDir
    private Path dir;

    private String sh(String script) throws Exception {
        Process process = new ProcessBuilder("unshare", "--mount", "bash", "-euc", script)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out;
    }

    private void needs(String what) throws Exception {
        if (!sh(what + " && echo yes").endsWith("yes\n")) {
            throw Missing.prerequisite("root and loop devices: " + what);
        }
    }

    /** A crash left an orphan: even a mount with ro and noload would clear it. */
    @Test
    void tellsEveryMarkerAndWritesNothing() throws Exception {
        needs("[ $(id -u) = 0 ] && truncate -s 1M try && losetup --detach $(losetup --find --show try)");
        Path script = Path.of("src/main/resources/dev/nixosoperator/remote/situation.sh")
                .toAbsolutePath();
        Files.createDirectories(dir.resolve("m"));
        String out = sh(
                """
                loops=
                trap 'for l in $loops; do losetup --detach $l; done; rm -f /dev/nixos-operator-test-[ab]' EXIT
                for n in a b; do
                    truncate -s 64M $n.img
                    l=$(losetup --find --show $n.img)
                    loops="$loops $l"
                    mkfs.ext4 -q $l
                    mount $l m
                    mkdir -p m/nix/var/nixos-operator
                    printf '{"name":\n"%%s"}' $n > m/nix/var/nixos-operator/machine.json
                    exec 5> m/orphan
                    rm m/orphan
                    sync
                    cp $n.img $n.crashed
                    exec 5>&-
                    umount m
                    cp $n.crashed $n.img
                    sync
                    blockdev --flushbufs $l
                    ln -s $l /dev/nixos-operator-test-$n
                    mkdir -p sys/class/block/nixos-operator-test-$n
                    cat /sys/class/block/${l##*/}/dev > sys/class/block/nixos-operator-test-$n/dev
                done
                NIXOS_OPERATOR_ROOT=$PWD sh %s look
                sync
                for n in a b; do cmp $n.img $n.crashed; done
                ls -d /run/nixos-operator-look.* 2> /dev/null || true
                """
                        .formatted(script));
        assertThat(out.lines())
                .contains("marker.disk.1={\"name\":\"a\"}")
                .anyMatch(line -> line.endsWith("={\"name\":\"b\"}"))
                .allMatch(line -> line.startsWith("marker.disk."));
    }
}
