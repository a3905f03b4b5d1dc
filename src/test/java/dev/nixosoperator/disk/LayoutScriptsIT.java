package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts on real block devices: two loop devices, in a mount namespace of their own. Needs root and gdisk. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(LoopDisks.LOCK)
class LayoutScriptsIT {
    private static final long SIZE = 512L << 20;
    private static final String LAYOUT =
            """
            disk:
              main:
                device: DISK1
                content:
                  type: gpt
                  partitions:
                    bios: {type: EF02, size: 1M, attributes: [2]}
                    swap: {size: 32M, content: {type: swap, priority: 5}}
                    root: {size: 200M, content: {type: filesystem, format: ext4, mountpoint: /}}
                    "a b": {size: 100%, content: {type: filesystem, format: ext4, mountpoint: "/var/a b", mountOptions: [noatime]}}
              data: {device: DISK2, content: {type: filesystem, format: ext4, mountpoint: /var}}
            """;

    @TempDir
    Path dir;

    private LoopDisks disks;

    @BeforeEach
    void attach() throws Exception {
        disks = new LoopDisks(dir, 2, SIZE, List.of("losetup", "sgdisk", "mkfs.ext4", "partx", "unshare"));
    }

    @AfterEach
    void detach() throws Exception {
        disks.close();
    }

    @ParameterizedTest(name = "checked against a plan: {0}")
    @ValueSource(booleans = {true, false})
    void everythingTwice(boolean planned) throws Exception {
        if (planned) {
            disks.write(LAYOUT);
        } else {
            disks.writeOfPaths(LAYOUT);
        }
        String out = disks.lines(
                """
                ours() { grep -E "^($DISK1|$DISK2)" || true; }
                ids() { for p in 1 2 3 4; do sgdisk --info=$p $DISK1 | grep -E 'unique|name'; done; blkid -p -o value -s UUID ${DISK1}p2 ${DISK1}p4; }
                run destroy; run format; ids >one
                run format; ids >two; cmp one two && echo same
                run mount; run mount
                findmnt -rno SOURCE,TARGET,OPTIONS | ours | cut -d' ' -f2- | cut -d, -f1,2; grep -c ${DISK1}p /proc/swaps
                echo keep >/mnt/var/file
                run format; run unmount; run unmount
                findmnt -rno SOURCE | ours | wc -l; grep -c ${DISK1}p /proc/swaps
                run mount; cat /mnt/var/file; run destroy
                cmp -n 1048576 $DISK1 /dev/zero && wipefs -n $DISK1 && wipefs -n $DISK2
                """);
        assertThat(out.lines())
                .containsExactly(
                        "destroy 0",
                        "format 0",
                        "format 0",
                        "same",
                        "mount 0",
                        "mount 0",
                        "/mnt rw,relatime",
                        "/mnt/var rw,relatime",
                        "/mnt/var/a\\x20b rw,noatime",
                        "1",
                        "format 0",
                        "unmount 0",
                        "unmount 0",
                        "0",
                        "0",
                        "mount 0",
                        "keep",
                        "destroy 0");
    }

    /** A crash leaves a journal to replay and an orphan to clear; mounting, even with ro and noload, would clear it. */
    @Test
    void aLookFindsTheMarkerAndWritesNothing() throws Exception {
        disks.write(LAYOUT);
        String out = disks.lines(
                """
                forget() { sync; blockdev --flushbufs $DISK1 ${DISK1}p2; }
                run destroy; run format; run look; grep -c FORMAT log
                run mount; mkdir -p /mnt/nix/var/nixos-operator; echo FORMAT_DONE >/mnt/nix/var/nixos-operator/machine.json
                exec 5>/mnt/orphan; rm /mnt/orphan; echo more >/mnt/more; sync
                cp --sparse=always disk1.img crashed; exec 5>&-; run unmount
                cp crashed disk1.img; forget; dumpe2fs -h ${DISK1}p2 2>/dev/null | grep -oE 'needs_recovery|First orphan'
                run look; grep FORMAT log; forget; cmp crashed disk1.img && echo untouched
                findmnt -rn | grep -c ${DISK1}p; losetup --list --noheadings --output BACK-FILE | grep -c ${DISK1}p
                """);
        assertThat(out.lines())
                .containsExactly(
                        "destroy 0",
                        "format 0",
                        "look 0",
                        "0",
                        "mount 0",
                        "unmount 0",
                        "needs_recovery",
                        "First orphan",
                        "look 0",
                        "FORMAT_DONE",
                        "untouched",
                        "0",
                        "0");
    }

    @Test
    void whatIsThereAndDifferentIsNotOverwritten() throws Exception {
        disks.write(LAYOUT);
        String out = disks.lines(
                """
                run destroy; run format
                sgdisk --change-name=2:other $DISK1 >/dev/null; run format
                sgdisk --change-name=2:disk-main-root $DISK1 >/dev/null; run format
                wipefs -aq ${DISK1}p2; mkswap ${DISK1}p2 >/dev/null; run format
                mkdir elsewhere; mount $DISK2 elsewhere; run destroy; umount elsewhere
                blkid -p -o value -s TYPE $DISK2
                run destroy
                mkfs.ext4 -q $DISK1; run format
                """);
        assertThat(out)
                .contains("partition 2 is named 'other', wanted is 'disk-main-root'")
                .contains("DISK1p2 holds swap; wanted is ext4 or nothing")
                .contains("DISK2 is mounted on " + dir.resolve("elsewhere"))
                .contains("(DISK1) holds ext4; wanted is a GPT or nothing");
        assertThat(out.lines().filter(l -> l.matches("[a-z]+ [0-9]+")))
                .containsExactly(
                        "destroy 0",
                        "format 0",
                        "format 71",
                        "format 0",
                        "format 71",
                        "destroy 72",
                        "destroy 0",
                        "format 71");
    }

    /** With disko the partitions after it take the roles of those before them, data and all (fault 11 of the reference). */
    @Test
    void aPartitionThatIsInsertedShiftsNoOther() throws Exception {
        String layout =
                """
                disk:
                  main:
                    device: DISK1
                    content:
                      type: gpt
                      partitions:
                        a: {size: 32M, content: {type: swap}}
                        %s
                        c: {size: 200M, content: {type: filesystem, format: ext4, mountpoint: /}}
                """;
        disks.write(layout.formatted(""));
        String before = disks.lines("run destroy; run format; blkid -p -o value -s UUID ${DISK1}p2");
        disks.write(layout.formatted("b: {size: 32M}"));
        String after = disks.lines("run format; blkid -p -o value -s UUID ${DISK1}p2");
        assertThat(after)
                .contains("format 71", "partition 2 is named 'disk-main-c', wanted is 'disk-main-b'")
                .endsWith(before.lines().toList().getLast() + "\n");
    }

    @Test
    void whatIsPreservedIsMountedAndNeverWritten() throws Exception {
        String layout =
                """
                disk:
                  main:
                    device: DISK1
                    destroy: false
                    content:
                      type: gpt
                      partitions:
                        home: {size: 64M, preserve: KEPT, content: {type: filesystem, format: ext4, mountpoint: /home}}
                        root: {size: 200M, content: {type: filesystem, format: ext4, mountpoint: /}}
                  data: {device: DISK2, preserve: KEPT, content: {type: filesystem, format: ext4, mountpoint: /data}}
                """;
        disks.write(layout.replace("KEPT", "true"));
        String empty = disks.lines("run destroy; run format; wipefs --noheadings $DISK1; echo end");
        assertThat(empty)
                .contains("format 71", "d2p1 is to be preserved, and is not there")
                .endsWith("there\nend\n");
        disks.write(layout.replace("KEPT", "false"));
        String made = disks.lines(
                """
                run format; run mount; echo film > /mnt/home/film; echo film > /mnt/data/film; run unmount
                wipefs -aq ${DISK1}p2; sgdisk --delete=2 $DISK1 >/dev/null; partx --update $DISK1
                """);
        assertThat(made).startsWith("format 0\nmount 0\nunmount 0\n");
        disks.write(layout.replace("KEPT", "true"));
        String kept = disks.lines(
                """
                before=$(cat ${DISK1}p1 $DISK2 | sha256sum); run destroy; run format
                [ "$before" = "$(cat ${DISK1}p1 $DISK2 | sha256sum)" ] && echo unchanged
                run mount; cat /mnt/home/film /mnt/data/film; run unmount
                wipefs -aq $DISK2; run format; wipefs --noheadings $DISK2; run mount
                """);
        assertThat(kept.lines().filter(line -> !line.startsWith("::")))
                .containsExactly(
                        "destroy 0",
                        "format 0",
                        "unchanged",
                        "mount 0",
                        "film",
                        "film",
                        "unmount 0",
                        "format 0",
                        "mount 32");
    }

    /** Without facts nobody has resolved the paths before: two of them may lead to one disk. */
    private static final String INSTALLED =
            """
            disk:
              main:
                device: DISK1
                content:
                  type: gpt
                  partitions:
                    a: {size: 120M, content: {type: filesystem, format: ext4, mountpoint: /}}
                    b: {size: 150M, content: {type: btrfs, subvolumes: {one: {mountpoint: /one}, one/below: {}}}}
              data: {device: DISK2, content: {type: gpt, partitions: {all: {size: 100%, content: {type: filesystem, format: FORMAT, mountpoint: /data}}}}}
            """;

    /** {@code changePolicy: ApplyAdditive} on a system that runs: what is there stays, and the second time there is nothing to do. ext4 grows in {@code LayoutsIT}: that takes a
     * capability which containers may lack. */
    @ParameterizedTest
    @ValueSource(strings = {"xfs", "btrfs"})
    void whatIsMissingIsAddedAndTheLastPartitionGrowsInUse(String format) throws Exception {
        LoopDisks.require("mkfs." + format);
        LoopDisks.require("mkfs.btrfs");
        String installed = INSTALLED.replace("FORMAT", format);
        disks.writeOfPaths(installed);
        String before = disks.lines(
                """
                run destroy; run format; run mount; echo keep | tee /mnt/file /mnt/one/file >/mnt/data/file; df --output=size /mnt/data | tail -n 1 >size; facts
                """);
        assertThat(before.lines()).containsExactly("destroy 0", "format 0", "mount 0");
        assertThat(disks.compare(installed).lasting()).isEmpty();
        assertThat(disks.lines("run add")).startsWith("add 99");

        String wanted = installed
                .replace("one: {mountpoint: /one}", "one: {mountpoint: /one, swap: {swap: {size: 16M}}}, two/deep: {}")
                .replace(
                        "    b: {size",
                        "    c: {size: 40M, content: {type: swap}}\n        d: {size: 100%, content: {type: filesystem, format: ext4}}\n        b: {size");
        disks.lines("truncate -s 700M disk2.img; losetup --set-capacity $DISK2; run mount; facts /mnt/one/swap");
        Drift drift = disks.compare(wanted);
        assertThat(drift.lasting()).isEmpty();
        assertThat(drift.findings())
                .extracting(Finding::toString)
                .containsExactly(
                        "spec.devices.disk.data.content.partitions.all: has 534.8 MB on the machine; the layout gives it the rest of the disk, 198.2 MB more",
                        "spec.devices.disk.main.content.partitions.b.content.subvolumes.one.swap.swap: is not on the machine",
                        "spec.devices.disk.main.content.partitions.b.content.subvolumes.'two/deep': is not on the machine",
                        "spec.devices.disk.main.content.partitions.c: is not on the machine",
                        "spec.devices.disk.main.content.partitions.d: is not on the machine");
        String added = disks.lines(
                """
                ids() { for p in 1 2; do sgdisk --info=$p $DISK1 | grep unique; blkid -p -o value -s UUID ${DISK1}p$p; done; sgdisk --info=1 $DISK2 | grep unique; blkid -p -o value -s UUID ${DISK2}p1; }
                run mount; ids >ids; run add; ls state; cat /mnt/file /mnt/one/file /mnt/data/file
                [ $(df --output=size /mnt/data | tail -n 1) -gt $(($(cat size) + 150000)) ] && echo grown
                for p in 3 4; do blkid -p -o value -s TYPE ${DISK1}p$p; done; ids | cmp ids && echo same
                run add; stat --format=%s /mnt/one/swap; facts /mnt/one/swap
                """);
        assertThat(added.lines())
                .containsExactly(
                        "mount 0",
                        "add 0",
                        "keep",
                        "keep",
                        "keep",
                        "grown",
                        "swap",
                        "ext4",
                        "same",
                        "add 0",
                        "16777216");
        assertThat(disks.compare(wanted).additions()).isEmpty();
    }

    /** Of the start that was asked for: sgdisk moves it up to the alignment, and not the end. Sectors are those of the disk. */
    @ParameterizedTest(name = "sectors of {0} bytes")
    @ValueSource(ints = {512, 4096})
    void whatAlignmentMovesIsAsWanted(int sector) throws Exception {
        String layout =
                """
                disk:
                  main:
                    device: DISK1
                    content:
                      type: gpt
                      partitions:
                        a: {start: 3M, size: 64M, alignment: %d}
                        b: {size: '%d', content: {type: filesystem, format: ext4, mountpoint: /}}
                """
                        .formatted((8 << 20) / sector, (32 << 20) / sector);
        disks.writeOfPaths(layout);
        String out = disks.lines(
                """
                losetup --sector-size %d $DISK1; blockdev --getss $DISK1
                run destroy; run format; run format; run mount; blockdev --getsize64 ${DISK1}p1 ${DISK1}p2; facts
                """
                        .formatted(sector));
        assertThat(out.lines())
                .containsExactly(
                        Integer.toString(sector),
                        "destroy 0",
                        "format 0",
                        "format 0",
                        "mount 0",
                        Long.toString(59L << 20),
                        Long.toString(32L << 20));
        assertThat(disks.compare(layout).findings()).isEmpty();
    }

    /** As NixOS reads it from a stick; told before the disks are wiped. */
    @Test
    void aKeyMayBeOnADevice() throws Exception {
        String out = disks.lines(
                """
                key() { bash <(cat PRELUDE; echo need_key "$*") 2>&1; echo $?; }
                key raw $DISK1 512 4096; key raw $DISK1; key text $DISK1 0 4096; key raw $DISK1 536870912 4096; key raw /dev/null 0 4096
                """
                        .replace(
                                "PRELUDE",
                                Path.of("src/main/resources/dev/nixosoperator/disk/prelude.bash")
                                        .toAbsolutePath()
                                        .toString()));
        assertThat(out.lines().map(line -> line.replaceFirst("^::failed start: ", "")))
                .containsExactly(
                        "0",
                        "DISK1 is a device; a key on one needs settings.keyFile and settings.keyFileSize",
                        "73",
                        "DISK1 is a device; a key on one needs settings.keyFile and settings.keyFileSize",
                        "73",
                        "the key file DISK1 has 536870912 bytes, wanted are 4096 from 536870912 on",
                        "73",
                        "the key file /dev/null is missing or empty",
                        "73");
    }

    /** A reset in the middle of an addition: the machine remembers that it was begun, and the next look goes on. */
    @ParameterizedTest(name = "when the partition was called {0}")
    @CsvSource({
        "disk-main-c, .content: found nothing on the machine; the layout says ext4",
        "nixos-operator-not-blank, ': was begun, and is not made yet'"
    })
    void anAdditionThatWasCutShortIsGoneOnWith(String name, String told) throws Exception {
        String installed = INSTALLED.replace("FORMAT", "xfs");
        disks.writeOfPaths(installed);
        // Of other sizes, so that one can be told from the other.
        disks.lines(
                "run destroy; run format; mkdir state; printf 'spec.devices.disk.%s\n' data.content.partitions.all main.content.partitions.c >state/unfinished; truncate -s 513M disk2.img; losetup --set-capacity $DISK2");
        String wanted = installed.replace(
                "    b: {size", "    c: {size: 40M, content: {type: filesystem, format: ext4}}\n        b: {size");
        disks.lines(
                "run mount; sgdisk --new=3:0:+40M --change-name=3:" + name + " $DISK1; partx --update $DISK1; facts");
        assertThat(disks.compare(wanted).findings())
                .extracting(Finding::toString)
                .containsExactly(
                        "spec.devices.disk.data.content.partitions.all: may not have grown to its end: that was cut short",
                        "spec.devices.disk.main.content.partitions.c" + told);
        assertThat(disks.lines("run mount; run add; ls state; blkid -p -o value -s TYPE ${DISK1}p3; facts")
                        .lines())
                .containsExactly("mount 0", "add 0", "ext4");
        assertThat(disks.compare(wanted).additions()).isEmpty();
    }

    @Test
    void oneDiskIsNotTwo() throws Exception {
        Path link = Path.of(
                "/dev/disk/by-id/nixos-operator-test-" + ProcessHandle.current().pid());
        disks.writeOfPaths(
                """
                disk:
                  a: {device: DISK1, content: {type: filesystem, format: ext4, mountpoint: /}}
                  b: {device: LINK, content: {type: swap}}
                """
                        .replace("LINK", link.toString()));
        String out = disks.lines(
                """
                mkfs.ext4 -q $DISK1; mkdir -p /dev/disk/by-id; ln -s $DISK1 LINK
                run destroy; run format; rm LINK; blkid -p -o value -s TYPE $DISK1
                """
                        .replace("LINK", link.toString()));
        assertThat(out)
                .contains("disk b: " + link + " is disk a (DISK1), too")
                .contains("destroy 70")
                .contains("format 70")
                .endsWith("ext4\n");
    }

    @Test
    void anotherDiskIsNotTouched() throws Exception {
        disks.write(LAYOUT, SIZE + 512);
        String out = disks.lines(
                "mkfs.ext4 -q $DISK1; run destroy; run format; run mount; blkid -p -o value -s TYPE $DISK1");
        assertThat(out.lines().filter(l -> l.matches("[a-z]+ [0-9]+")))
                .containsExactly("destroy 70", "format 70", "mount 70");
        assertThat(out).contains("has 536870912 bytes, planned were 536871424").endsWith("ext4\n");
    }

    /** A device of a mounted btrfs is in use, whichever of its devices the kernel names as the source. */
    @Test
    void aBtrfsOverTwoDisksIsInUseOnBoth() throws Exception {
        LoopDisks.require("mkfs.btrfs");
        disks.write("{disk: {main: {device: DISK1, content: {type: filesystem, format: ext4, mountpoint: /}}}}");
        String out = disks.lines(
                """
                mkfs.btrfs -q -f $DISK1 $DISK2; mkdir there; mount $DISK2 there; run destroy
                umount there; mount $DISK1 there; run destroy; umount there
                mount $DISK2 /mnt; run destroy; run unmount; findmnt -n -o TARGET /mnt
                """);
        assertThat(out.lines().filter(l -> l.matches("[a-z]+ [0-9]+")))
                .containsExactly("destroy 72", "destroy 72", "destroy 72", "unmount 0");
        assertThat(out).contains("is part of a mounted btrfs, and so is loop").doesNotContain("\n/mnt\n");
    }

    /** Nothing holds what is not mounted: its members are told by what is on them. */
    @Test
    void aBtrfsThatIsNotMountedIsNotTornApart() throws Exception {
        LoopDisks.require("mkfs.btrfs");
        disks.write("{disk: {main: {device: DISK1, content: {type: filesystem, format: ext4, mountpoint: /}}}}");
        String out = disks.lines(
                """
                mkfs.btrfs -q -f $DISK1 $DISK2 >/dev/null; run destroy; blkid -p -o value -s TYPE $DISK1
                mkfs.btrfs -q -f $DISK2 >/dev/null; run destroy; blkid -p -o value -s TYPE $DISK1; blkid -p -o value -s TYPE $DISK2
                """);
        assertThat(out.lines().filter(l -> !l.startsWith("::") && !l.startsWith("NOTE")))
                .containsExactly("destroy 72", "btrfs", "destroy 0", "btrfs");
        assertThat(out).contains("DISK1 and DISK2, which is not planned, both hold the btrfs ");
    }

    /** What a person has mounted there is neither switched off nor wiped around. */
    @Test
    void aForeignDiskBelowTheMountPointStaysThere() throws Exception {
        disks.write("{disk: {main: {device: DISK1, content: {type: filesystem, format: ext4, mountpoint: /}}}}");
        String out = disks.lines(
                """
                mkfs.ext4 -q $DISK2; mount $DISK2 /mnt; run destroy; findmnt -no SOURCE /mnt; umount /mnt
                run format; run mount; mkdir /mnt/usb; mount $DISK2 /mnt/usb; run destroy; findmnt -no SOURCE /mnt/usb
                umount /mnt/usb; mount -t tmpfs tmpfs /mnt/usb; run destroy
                """);
        assertThat(out.lines())
                .containsExactly(
                        "destroy 72",
                        "::failed release the disks: DISK2 is mounted on /mnt, and DISK2 is not of this layout",
                        "DISK2",
                        "format 0",
                        "mount 0",
                        "destroy 72",
                        "::failed release the disks: DISK2 is mounted on /mnt/usb, and DISK2 is not of this layout",
                        "DISK2",
                        "destroy 0");
    }

    @Test
    void aForeignDiskBelowALayoutWithoutARootStaysThere() throws Exception {
        disks.write("{disk: {main: {device: DISK1, content: {type: filesystem, format: ext4, mountpoint: /a}}}}");
        String out = disks.lines(
                """
                run format; run mount; mkdir /mnt/a/usb; mkfs.ext4 -q $DISK2; mount $DISK2 /mnt/a/usb
                run destroy; findmnt -no SOURCE /mnt/a/usb; umount /mnt/a/usb; run destroy
                """);
        assertThat(out.lines())
                .containsExactly(
                        "format 0",
                        "mount 0",
                        "destroy 72",
                        "::failed release the disks: DISK2 is mounted on /mnt/a/usb, and DISK2 is not of this layout",
                        "DISK2",
                        "destroy 0");
    }

    /** A crash between the two leaves the name that says so. */
    @Test
    void aPartitionThatWasMadeAndNotBlankedIsBlanked() throws Exception {
        disks.write(LAYOUT);
        String out = disks.lines(
                """
                uuid() { blkid -p -o value -s UUID ${DISK1}p3; }
                run destroy; run format; before=$(uuid)
                sgdisk --change-name=3:nixos-operator-not-blank $DISK1 >/dev/null; run format
                sgdisk --info=3 $DISK1 | grep name; made=$(uuid); [ "$made" = "$before" ] || echo another
                run format; [ "$made" = "$(uuid)" ] && echo same
                """);
        assertThat(out.lines())
                .containsExactly(
                        "destroy 0",
                        "format 0",
                        "format 0",
                        "Partition name: 'disk-main-swap'",
                        "another",
                        "format 0",
                        "same");
    }

    @Test
    void whatTheKernelHasElsewhereIsNotWritten() throws Exception {
        disks.write(LAYOUT);
        String out = disks.lines(
                """
                run destroy; run format; wipefs -aq ${DISK1}p2
                delpart $DISK1 2; addpart $DISK1 2 8192 2048
                run format; wipefs --noheadings ${DISK1}p2
                """);
        assertThat(out)
                .contains("format 72", "the kernel still goes by an older table: it has DISK1p2 at 8192, 2048 sectors")
                .doesNotContain("ext4");
    }

    /** Whoever runs the scripts, and with whatever umask. */
    @Test
    void directoriesOnTheWayAreForEverybody() throws Exception {
        disks.write(
                """
                disk:
                  main: {device: DISK1, content: {type: filesystem, format: ext4, mountpoint: /}}
                  data: {device: DISK2, content: {type: filesystem, format: ext4, mountpoint: /srv/some/where}}
                nodev: {/var/lib/x/y: {fsType: tmpfs}}
                """);
        String out =
                disks.lines("run destroy; run format; run mount; stat -c %a /mnt/srv /mnt/srv/some /mnt/var/lib/x");
        assertThat(out.lines()).containsExactly("destroy 0", "format 0", "mount 0", "755", "755", "755");
    }

    @Test
    void hooksRunOnceAroundTheirNode() throws Exception {
        disks.write(
                """
                disk:
                  main:
                    device: DISK1
                    preCreateHook: echo "$name pre $device $type" >>told
                    postMountHook: touch /mnt/made; echo "$name mounted" >>told
                    content:
                      type: gpt
                      partitions:
                        root:
                          size: 100M
                          content:
                            type: filesystem
                            format: ext4
                            mountpoint: /
                            extraArgs: [-L, "a $(touch pwned) 'b"]
                            preCreateHook: |
                              echo "$format ${extraArgs[1]} $device" >>told
                            preMountHook: echo "mount $mountpoint" >>told
                            postUnmountHook: exit 7
                        home: {size: 100M, content: {type: filesystem, format: ext4, mountpoint: /home}}
                """);
        String out = disks.lines(
                """
                run destroy; run format; run mount; stat -c %a /mnt/made; run unmount; run unmount no-hooks; findmnt -n /mnt; cat told; ls pwned
                """);
        assertThat(out)
                .contains(
                        "unmount 76\n::failed disk main partition 2 (root): postUnmountHook of filesystem: the hook ended with")
                .contains("644\n");
        assertThat(out.lines().filter(l -> !l.startsWith("::")))
                .containsExactly(
                        "destroy 0",
                        "format 0",
                        "mount 0",
                        "644",
                        "unmount 76",
                        "unmount 0",
                        "main pre DISK1 disk",
                        "ext4 a $(touch pwned) 'b DISK1p2",
                        "mount /",
                        "main mounted",
                        "ls: cannot access 'pwned': No such file or directory");
    }

    /** Further devices are of planned disks, hold nothing or this btrfs, and are found without udev. */
    @Test
    void aBtrfsOverTwoPlannedDisks() throws Exception {
        LoopDisks.require("mkfs.btrfs");
        String label = "m" + ProcessHandle.current().pid();
        disks.write(
                """
                disk:
                  a: {device: DISK1, content: {type: gpt, partitions: {%s: {size: 150M}}}}
                  b:
                    device: DISK2
                    content:
                      type: gpt
                      partitions:
                        r: {size: 200M, content: {type: btrfs, extraArgs: [-d raid1 -m raid1 /dev/disk/by-partlabel/disk-a-%s], subvolumes: {r: {mountpoint: /}}}}
                """
                        .formatted(label, label));
        String out = disks.lines(
                """
                link=/dev/disk/by-partlabel/disk-a-LABEL; mkdir -p ${link%/*}; ln -s ${DISK1}p1 $link
                run destroy; run format; run format; run mount; run mount
                mkdir -p /mnt/nix/var/nixos-operator; echo MARKER >/mnt/nix/var/nixos-operator/machine.json
                btrfs filesystem show --raw /mnt | grep -c path; run unmount; run look; grep MARKER log
                wipefs -aq ${DISK1}p1; mkfs.ext4 -q ${DISK1}p1; run format
                run destroy; truncate -s 64M other.img; other=$(losetup --find --show other.img); ln -sfn $other $link; run format
                wipefs $other; losetup --detach $other; rm $link
                """
                        .replace("LABEL", label));
        assertThat(out.lines().filter(l -> !l.startsWith("::")))
                .containsExactly(
                        "destroy 0",
                        "format 0",
                        "format 0",
                        "mount 0",
                        "mount 0",
                        "2",
                        "unmount 0",
                        "look 0",
                        "MARKER",
                        "format 71",
                        "destroy 0",
                        "format 70");
        assertThat(out).contains("holds ext4; wanted is a device of the btrfs").contains("is not on a planned disk");
    }
}
