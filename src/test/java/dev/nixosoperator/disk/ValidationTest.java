package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules that are not in the golden cases {@code mistakes} and {@code mistakes-between}. */
class ValidationTest {
    private static final String PARTITIONS =
            "{disk: {main: {device: /dev/sda, content: {type: gpt, partitions: {%s}}}}}";

    private static List<String> findings(String partitions) {
        return Layout.parse(TestLayouts.tree(PARTITIONS.formatted(partitions))).findings().stream()
                .map(Finding::toString)
                .toList();
    }

    private static String many(int count) {
        return "root: {size: 1M, content: {type: filesystem, format: ext4, mountpoint: /}}, "
                + IntStream.range(1, count)
                        .mapToObj(i -> "p" + i + ": {size: 1M}")
                        .collect(Collectors.joining(", "));
    }

    @Test
    void aTableHolds128Partitions() {
        assertThat(findings(many(128))).isEmpty();
        assertThat(findings(many(129))).singleElement().asString().contains("at most 128");
    }

    @Test
    void nulIsNoName() {
        assertThat(findings("\"a\\0b\": {size: 1M}")).anyMatch(f -> f.contains("a\\u0000b") && f.contains("control"));
        assertThat(findings("a: {size: 1M, content: {type: filesystem, format: ext4, mountpoint: \"/a\\0b\"}}"))
                .anyMatch(f -> f.contains("mountpoint"));
    }

    /** Nix, shells and Kubernetes do not hold all that JSON does; what only NixOS reads may have lines. */
    @Test
    void whatCannotBeWrittenIsRefusedWhereItStands() {
        String luks = "a: {size: 1M, content: {type: luks, name: x, keyFile: /k, settings: {%s}}}";
        String settings = "spec.devices.disk.main.content.partitions.a.content.settings";
        assertThat(findings(luks.formatted("a: {b: [x, \"y\\0\"]}")))
                .anyMatch(f -> f.startsWith(settings + ".a.b[1]: found 'y\\u0000'; allowed: a text without control"));
        assertThat(findings(luks.formatted("\"k\\0\": 1")))
                .anyMatch(f -> f.startsWith(settings + ".'k\\u0000': found"));
        assertThat(findings(luks.formatted("a: \"\\e[2J\""))).anyMatch(f -> f.startsWith(settings + ".a: found"));
        assertThat(findings(luks.formatted("a: 1.0e+400"))).anyMatch(f -> f.startsWith(settings + ".a: found"));
        assertThat(findings(luks.formatted("preOpenCommands: \"a\\n\\tb \u00e9\"")))
                .noneMatch(f -> f.startsWith(settings));
    }

    @Test
    void halfALetterIsNoText() {
        String half = "\ud83d";
        String settings =
                "{\"a\": {\"content\": {\"type\": \"luks\", \"name\": \"x\", \"keyFile\": \"/k\", \"settings\": {\"a\": \"%s\"}}}}";
        for (String partitions : List.of(
                "{\"%s\": {}}", "{\"a\": {\"content\": {\"type\": \"swap\", \"preMountHook\": \"%s\"}}}", settings)) {
            String json = "{\"disk\": {\"main\": {\"content\": {\"type\": \"gpt\", \"partitions\": %s}}}}";
            assertThat(Layout.parse(TestLayouts.tree(json.formatted(partitions.formatted("x"))))
                            .findings())
                    .noneMatch(f -> f.message().contains("found 'x'"));
            assertThat(Layout.parse(Objects.requireNonNull(Json.parse(json.formatted(partitions.formatted("\\ud83d")))))
                            .findings())
                    .anyMatch(f -> f.toString().contains("found '\\ud83d'"))
                    .noneMatch(f -> f.toString().contains(half));
        }
    }

    /** A system cannot live without owners and symbolic links; a boot partition can. */
    @ParameterizedTest
    @CsvSource({"vfat,/,false", "exfat,/nix,false", "ntfs,/nix/store,false", "vfat,/nixos,true", "vfat,/boot,true"})
    void noSystemOnForeignFormats(String format, String mountpoint, boolean allowed) {
        List<String> found = findings(
                "a: {size: 1M, content: {type: filesystem, format: %s, mountpoint: %s}}".formatted(format, mountpoint));
        assertThat(found.stream().anyMatch(f -> f.contains("knows owners and symbolic links")))
                .isEqualTo(!allowed);
    }

    @Test
    void hooksAreBashAndStandWhereTheyRun() {
        assertThat(findings("a: {size: 1M, content: {type: swap, preCreateHook: \"a\\0b\"}}"))
                .anyMatch(f -> f.contains("preCreateHook: found 'a\\u0000b'; allowed: bash"));
        assertThat(findings(
                        "a: {size: 1M, content: {type: swap, preCreateHook: \"%s\"}}".formatted("x".repeat(16_385))))
                .anyMatch(f -> f.contains("preCreateHook"));
        assertThat(findings("a: {size: 1M, preCreateHook: x}"))
                .anyMatch(f -> f.contains("preCreateHook: unknown option"));
        assertThat(Layout.parse(TestLayouts.tree("{disk: {raw: {device: /dev/sdb, preCreateHook: x}}}"))
                        .findings())
                .anyMatch(f -> f.message().contains("none on a disk that is left raw"));
    }

    /** What the plan does not know, no argument may name. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    type: filesystem, format: xfs, extraArgs: [-l, logdev=/dev/sdb]
                    type: swap, extraArgs: ["-L x /dev/sdb"]
                    type: swap, extraArgs: ["-L x /d'e'v/sdb"]
                    type: filesystem, format: xfs, extraArgs: [-l, logdev=dev/sdb]
                    type: filesystem, format: f2fs, extraArgs: [-cdev/sdb]
                    type: filesystem, format: ext4, extraArgs: [-J, device=LABEL=journal]
                    type: luks, name: a, keyFile: /k, extraFormatArgs: [--header=/dev/sdb]
                    type: luks, name: a, keyFile: /k, extraOpenArgs: ["--header /dev/sdb"]
                    type: btrfs, subvolumes: {a: {extraArgs: [/dev/sdb]}}
                    """)
    void noArgumentNamesADevice(String content) {
        assertThat(findings("a: {size: 1M, content: {%s}}".formatted(content)))
                .anyMatch(f -> f.contains("rgs[") && f.contains("no path below /dev"));
    }

    /** Nor a mount option; what is a directory or for systemd alone is no device of the file system. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    type: filesystem, format: xfs, mountOptions: [logdev=/dev/sdb]                       | true
                    type: filesystem, format: xfs, mountOptions: ['noatime,rtdev=dev/sdb']               | true
                    type: filesystem, format: ext4, mountOptions: [journal_path=/tmp/link]               | true
                    type: filesystem, format: ext4, mountOptions: [journal_dev=0x810]                    | true
                    type: filesystem, format: ext4, mountOptions: ['other="//dev/sdb"']                  | true
                    type: btrfs, mountOptions: [device=/dev/sdb]                                         | true
                    type: btrfs, subvolumes: {a: {mountOptions: [device=/dev/sdb]}}                      | true
                    type: btrfs, mountOptions: [subvol=/srv/dev/x, compress=zstd]                        | false
                    type: filesystem, format: ext4, mountOptions: [nodev, x-systemd.requires=/dev/sdb]   | false
                    """)
    void noMountOptionNamesADevice(String content, boolean refused) {
        assertThat(findings("a: {size: 1M, content: {%s}}".formatted(content)).stream()
                        .anyMatch(f -> f.contains("mountOptions[") && f.contains("no option that names a device")))
                .isEqualTo(refused);
    }

    /** A layout may be as large as the API server takes; what is told of it is not. */
    @Test
    void manyMistakesAreToldShort() {
        String raw =
                IntStream.range(0, 60).mapToObj(i -> "r" + i + ": {size: 1M}").collect(Collectors.joining(", "));
        String takers = IntStream.range(0, 60)
                .mapToObj(i ->
                        "t%d: {size: 1M, content: {type: btrfs, extraArgs: [/dev/a, /dev/b, /dev/c]}}".formatted(i))
                .collect(Collectors.joining(", "));
        List<Finding> found = Layout.parse(TestLayouts.tree(PARTITIONS.formatted(raw + ", " + takers)))
                .findings();
        assertThat(found).hasSize(Findings.MOST + 1);
        assertThat(found.getFirst().message()).endsWith("and 44 more").hasSizeLessThan(1000);
        assertThat(found.getLast()).hasToString("spec.devices: and 80 more mistakes; mend the first ones");
    }

    /** Each stands on the two before it: many millions of ways lead to the first. */
    @Test
    void whatManyWaysLeadToIsOpenedOnce() {
        List<Tree> trees = new ArrayList<>();
        trees.add(standing("m0"));
        trees.add(standing("m1", "/dev/m0"));
        for (int i = 2; i < 40; i++) {
            trees.add(standing("m" + i, "/dev/m" + (i - 2), "/dev/m" + (i - 1)));
        }
        assertThat(new Location(List.of(trees.getLast()), "/").opens(trees))
                .extracting(tree -> tree.on().title())
                .containsExactlyElementsOf(
                        trees.stream().map(tree -> tree.on().title()).toList());
    }

    /** An array that is left raw. */
    private static Tree standing(String name, String... members) {
        List<On> standsOn = Stream.of(members)
                .map(member -> new On(At.DEVICES.child(member), member, member, member, ""))
                .toList();
        Mdadm spec =
                Objects.requireNonNull(Mdadm.TYPE.read(TestLayouts.tree("{type: mdadm}"), At.DEVICES, new Findings()));
        String path = "/dev/" + name;
        return new Tree(new On(At.DEVICES.child(name), path, path, name, ""), new Mdadm.Array(spec, name, standsOn));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    no size, then a sized one   | a: {}, b: {size: 1G}                                      | a.size: takes all that is left, before 'b' is made
                    to the end, then a sized    | a: {end: '-0'}, b: {size: 1G}                             | a.end: takes all that is left
                    a priority before           | a: {size: 100%, priority: -1}, b: {size: 1G}               | a.size: takes all that is left
                    twice to the end            | a: {end: '-0'}, b: {}                                     | b.size: takes all that is left, as 'a' does
                    the last                    | a: {size: 1G}, b: {}                                      |
                    100% comes last by itself   | a: {size: 100%}, b: {size: 1G}                            |
                    room in front               | a: {start: 10G, end: '-0'}, b: {size: 1G}                 |
                    what is there already       | a: {preserve: true}, b: {preserve: true}                  |
                    """)
    void whatTakesTheRestComesLast(String what, String partitions, @Nullable String refused) {
        judges(PARTITIONS.formatted(partitions).replace("/dev/sda,", "/dev/sda, destroy: false,"), refused);
    }

    /** @param refused part of the only finding; null: there is none */
    private static void judges(String tree, @Nullable String refused) {
        List<String> found = Layout.parse(TestLayouts.tree(tree)).findings().stream()
                .map(Finding::toString)
                .toList();
        if (refused == null) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found).singleElement().asString().contains(refused);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    after all is taken      | 1 | a: {size: 100%FREE, priority: 1}, b: {size: 1G}                           | lvs.b.size: is made after 'a'
                    twice all               | 1 | a: {size: 100%}, b: {size: 100%FREE}                                      | lvs.b.size: is made after 'a'
                    stripes leave a part    | 2 | a: {size: 100%FREE, priority: 1, extraArgs: [-i 2]}, b: {size: 1G}        |
                    a pool that takes all   | 1 | a: {size: 100%FREE, lvm_type: thin-pool}, b: {size: 1G}                   | lvs.b.size: is made after 'a'
                    thin ones take nothing  | 1 | a: {size: 100%, lvm_type: thin-pool}, b: {size: 1G, lvm_type: thinlv, pool: a} |
                    all of what is left     | 1 | a: {size: 100%}, b: {size: 1G}                                            |
                    a mirror on one         | 1 | a: {size: 1G, lvm_type: mirror}                                           | lvs.a.lvm_type: found mirror in a group of 1; allowed: 2
                    raid0 on one            | 1 | a: {size: 1G, lvm_type: raid0}                                            | found raid0 in a group of 1; allowed: 2
                    raid1 on one            | 1 | a: {size: 1G, lvm_type: raid1}                                            | found raid1 in a group of 1; allowed: 2
                    raid4 on two            | 2 | a: {size: 1G, lvm_type: raid4}                                            | found raid4 in a group of 2; allowed: 3
                    raid5 on two            | 2 | a: {size: 1G, lvm_type: raid5}                                            | found raid5 in a group of 2; allowed: 3
                    raid6 on four           | 4 | a: {size: 1G, lvm_type: raid6}                                            | found raid6 in a group of 4; allowed: 5
                    raid1 anywhere          | 1 | a: {size: 1G, lvm_type: raid1, extraArgs: [--alloc anywhere]}             |
                    raid5 on three          | 3 | a: {size: 1G, lvm_type: raid5}                                            |
                    """)
    void aVolumeGroupHasWhatItsVolumesNeed(String what, int members, String volumes, @Nullable String refused) {
        String disks = IntStream.range(0, members)
                .mapToObj(i -> "d%d: {device: /dev/vd%c, content: {type: lvm_pv, vg: g}}".formatted(i, 'a' + i))
                .collect(Collectors.joining(", "));
        judges("{disk: {%s}, lvm_vg: {g: {type: lvm_vg, lvs: {%s}}}}".formatted(disks, volumes), refused);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a key on a stick         | settings: {keyFile: /dev/disk/by-id/usb-key, keyFileSize: 4096} |
                    a key in memory          | keyFile: /dev/shm/key                                           |
                    of no size               | settings: {keyFile: /dev/disk/by-id/usb-key}                    | found a key on '/dev/disk/by-id/usb-key'; allowed below /dev: settings.keyFile together
                    all of a stick           | keyFile: /dev/sdz                                               | found a key on '/dev/sdz'
                    a passphrase on a stick  | passwordFile: /dev/sdz                                          | found a key on '/dev/sdz'
                    one more                 | keyFile: /k, additionalKeyFiles: [/dev/sdz]                     | found a key on '/dev/sdz'
                    asked for                | keyFile: /k, askPassword: false                                 | unknown option of luks, nobody is there to type a passphrase
                    """)
    void keys(String what, String key, @Nullable String refused) {
        judges("{disk: {a: {device: /dev/sda, content: {type: luks, name: a, %s}}}}".formatted(key), refused);
    }

    /** They number the partitions, and may be any whole number, as with disko. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    -5                  |
                    10000000000         |
                    1.5                 | priority: found 1.5; allowed: a whole number
                    9007199254740993    | priority: found 9007199254740993
                    """)
    void priorities(String priority, @Nullable String refused) {
        judges(PARTITIONS.formatted("a: {size: 1M, priority: %s}".formatted(priority)), refused);
    }

    @Test
    void whatIsForDiskosImageBuilderIsToldSo() {
        judges(
                "{disk: {a: {device: /dev/sda, imageSize: 4G}}}",
                "imageSize: unknown option of disk, it is for disko's image builder: leave it out; allowed: ");
    }

    /** A rendering needs none. */
    @Test
    void aMachineNeedsARoot() {
        String tree = "{disk: {a: {device: /dev/sda, content: {type: filesystem, format: ext4, mountpoint: %s}}}}";
        assertThat(Layout.parse(TestLayouts.tree(tree.formatted("/data"))).findings())
                .isEmpty();
        assertThat(Layout.parseForMachine(TestLayouts.tree(tree.formatted("/data")))
                        .findings())
                .singleElement()
                .hasToString("spec.devices: no root file system; allowed: exactly one node with mountpoint '/'");
        assertThat(Layout.parseForMachine(TestLayouts.tree(tree.formatted("/"))).findings())
                .isEmpty();
    }

    /** LUKS and LVM put their devices into one directory. */
    @Test
    void namesBelowDevMapperAreOfOneThingEach() {
        assertThat(Layout.parse(
                                TestLayouts.tree(
                                        """
                                        disk:
                                          a: {device: /dev/sda, content: {type: lvm_pv, vg: v-g}}
                                          b: {device: /dev/sdb, content: {type: luks, name: v--g-l, keyFile: /k}}
                                        lvm_vg: {v-g: {type: lvm_vg, lvs: {l: {size: 1G}}}}
                                        """))
                        .findings())
                .singleElement()
                .asString()
                .contains("name below /dev/mapper 'v--g-l' is already used by spec.devices.disk.b.content.name");
    }

    /** disko takes any path; here a further device is of the layout, left raw, made before, and taken once. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    another disk            | b: {content: {type: btrfs, extraArgs: [/dev/sdb]}}                                              | '/dev/sdb'
                    a way around            | b: {content: {type: btrfs, extraArgs: [dev/sdb]}}                                               | 'dev/sdb'
                    a partition in use      | a: {size: 1M, content: {type: swap}}, b: {content: {type: btrfs, extraArgs: [/dev/disk/by-partlabel/disk-main-a]}} | 'disk-main-a'
                    itself                  | b: {content: {type: btrfs, extraArgs: [/dev/disk/by-partlabel/disk-main-b]}}                    | 'disk-main-b'
                    made later              | b: {size: 1M, content: {type: btrfs, extraArgs: [/dev/mapper/c]}}, c: {content: {type: luks, name: c, keyFile: /k}} | 'mapper/c'
                    twice                   | a: {size: 1M}, b: {content: {type: btrfs, extraArgs: [/dev/disk/by-partlabel/disk-main-a /dev/disk/by-partlabel/disk-main-a]}} | 'disk-main-a'
                    a raw one before        | a: {size: 1M}, b: {content: {type: btrfs, extraArgs: [-d raid1 /dev/disk/by-partlabel/disk-main-a]}} |
                    """)
    void furtherDevicesAreOfTheLayout(String what, String partitions, @Nullable String refused) {
        List<String> found = findings(partitions).stream()
                .filter(f -> f.contains("found the device"))
                .toList();
        assertThat(found).hasSize(refused == null ? 0 : 1).allMatch(f -> f.contains(String.valueOf(refused)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    the store in memory       | /nix: {fsType: tmpfs}                                        | nodev.'/nix': holds /nix/store, which must outlive a reboot
                    the root in memory        | /: {fsType: tmpfs}                                           | mount point '/' is already used
                    the marker in memory      | /nix/var: {fsType: tmpfs}                                    | holds /nix/var/nixos-operator/machine.json
                    by way of a bind mount    | /nix: {fsType: none, device: /m/n, mountOptions: [bind]}, /m: {fsType: tmpfs} | nodev.'/m': holds /nix/store
                    a disk by the back door   | /x: {fsType: ext4, device: /dev/sdb}                         | device: found '/dev/sdb'
                    a disk by its label       | /x: {fsType: ext4, device: LABEL=backup}                     | device: found 'LABEL=backup'
                    a disk by its partition   | /x: {fsType: auto, device: PARTUUID=0-1}                     | device: found 'PARTUUID=0-1'
                    a disk with more slashes  | /x: {fsType: ext4, device: //dev/sdb}                        | device: found '//dev/sdb'
                    a disk on a way around    | /x: {fsType: ext4, device: /tmp/../dev/sdb}                  | device: found '/tmp/../dev/sdb'
                    a disk as others see it   | /x: {fsType: ext4, device: /proc/1/root/dev/sdb}             | device: found '/proc/1/root
                    a bind among options      | /x: {fsType: none, mountOptions: ['ro,bind']}                | device: found 'none'; allowed: an absolute path
                    a share                   | /x: {fsType: nfs, device: '10.0.0.1:/../dev/x'}, /y: {fsType: cifs, device: //nas/dev} |
                    a bind of nowhere         | /x: {fsType: none, mountOptions: [bind]}                     | device: found 'none'; allowed: an absolute path
                    no mount point            | x: {fsType: tmpfs}                                           | found 'x'; allowed: an absolute path
                    a bind in a circle        | /nix: {fsType: none, device: /m, mountOptions: [bind]}, /m: {fsType: none, device: /nix, mountOptions: [bind]} | show each other
                    a device in an option     | /x: {fsType: xfs, mountOptions: [logdev=/dev/sdb]}           | nodev.'/x'.mountOptions[0]: found 'logdev=/dev/sdb'
                    layers of directories     | /x: {fsType: overlay, mountOptions: [lowerdir=/srv/dev/a, upperdir=/b, workdir=/c]} |
                    a bind from the disk      | /nix: {fsType: none, device: /keep/nix, mountOptions: [bind]}|
                    """)
    void mountsWithoutADisk(String what, String nodev, @Nullable String found) {
        List<String> findings = Layout.parse(TestLayouts.tree(
                        "{disk: {main: {device: /dev/sda, content: {type: filesystem, format: ext4, mountpoint: /}}}, nodev: {%s}}"
                                .formatted(nodev)))
                .findings()
                .stream()
                .map(Finding::toString)
                .toList();
        if (found == null) {
            assertThat(findings).isEmpty();
        } else {
            assertThat(findings).anyMatch(f -> f.contains(found));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a GPT without names    | /dev/sda    | gpt   | {}                                                         | [0].name: missing
                    a GPT with an extended | /dev/sda    | gpt   | {name: a, part-type: extended}                             | [0].part-type: allowed in a GPT: primary
                    no extended            | /dev/sda    | msdos | {part-type: logical}                                       | [0].part-type: found logical; allowed only after
                    two extended           | /dev/sda    | msdos | {part-type: extended}, {part-type: extended}               | [1].part-type: found a second extended one
                    content in extended    | /dev/sda    | msdos | {part-type: extended, content: {type: swap}}               | [0].content: found content
                    five primary           | /dev/sda    | msdos | {}, {}, {}, {}, {}                                         | [4].part-type: is the fifth
                    words for a place      | /dev/sda    | msdos | {start: half}                                              | [0].start: found 'half'
                    a disk of another kind | /dev/foo/x  | msdos | {}                                                         | stands on '/dev/foo/x'; allowed for a table
                    all of it, twice       | /dev/sda    | msdos | {}, {}                                                     | [1].start: lies from 0% to 100%, where one before
                    some of it, twice      | /dev/sda    | gpt   | {name: a, end: 50%}, {name: b, start: 10GiB, end: 40%}     | [1].start: lies from 10GiB to 40%
                    logical ones, twice    | /dev/sda    | msdos | {part-type: extended}, {part-type: logical}, {part-type: logical} | [2].start: lies from
                    one behind another     | /dev/sda    | gpt   | {name: a, end: 1GB}, {name: b, start: 1GB, end: 50%}, {name: c, start: 50%} |
                    all as it may be       | /dev/nvme0n1| msdos | {start: 1MiB, end: 1.5GB}, {part-type: extended}, {part-type: logical, end: -10s} |
                    """)
    void tables(String what, String device, String format, String partitions, @Nullable String found) {
        List<String> findings = Layout.parse(TestLayouts.tree(
                        "{disk: {main: {device: %s, content: {type: table, format: %s, partitions: [%s]}}}}"
                                .formatted(device, format, partitions)))
                .findings()
                .stream()
                .map(Finding::toString)
                .toList();
        if (found == null) {
            assertThat(findings).isEmpty();
        } else {
            assertThat(findings).anyMatch(f -> f.contains(found));
        }
    }

    /** As disko names partitions, but for logical ones of an MBR (its fault 13b). */
    @ParameterizedTest
    @CsvSource({
        "/dev/sda,/dev/sda5",
        "/dev/vdb,/dev/vdb5",
        "/dev/nvme0n1,/dev/nvme0n1p5",
        "/dev/disk/by-id/ata-x,/dev/disk/by-id/ata-x-part5"
    })
    void logicalPartitionsHaveTheNumbersOfTheKernel(String disk, String path) {
        Layout layout = TestLayouts.layout(
                """
                disk: {main: {device: %s, content: {type: table, format: msdos, partitions: [{end: 1GiB}, {part-type: extended, start: 1GiB},
                  {part-type: logical, start: 1GiB, end: 20GiB, content: {type: filesystem, format: ext4, mountpoint: /}}]}}}
                """
                        .formatted(disk));
        assertThat(NixosModule.json(layout).at("/fileSystems/~1/device").asText())
                .isEqualTo(path);
        assertThat(NixosModule.named(layout)).hasSize(1);
        assertThat(layout.storeBytes(java.util.Map.of("main", TestFacts.empty("sda"))))
                .isEqualTo(19L << 30);
    }

    @ParameterizedTest
    @CsvSource({
        "0%,0",
        "100%,1000000000",
        "12.5%,125000000",
        "1M,1000000",
        "1,1000000",
        "1MiB,1048576",
        "3s,1536",
        "7B,7",
        "1.5kB,1500",
        "-10MB,990000000",
        "-10%,900000000",
        "5TB,1000000000",
        "-5TB,0"
    })
    void placesAsPartedReadsThem(String text, long bytes) {
        assertThat(PartedPosition.of(text).bytes(1_000_000_000)).isEqualTo(bytes);
    }

    /** btrfs would take bytes for what sgdisk takes for sectors. */
    @Test
    void theSizeOfASwapFileHasAUnit() {
        assertThat(findings("a: {content: {type: btrfs, mountpoint: /, swap: {s: {size: '1073741824'}}}}"))
                .anyMatch(f -> f.contains("swap.s.size: found '1073741824'"));
    }

    @Test
    void anMbrHasRoomForThree() {
        String shown = "{size: 1M, hybrid: {}}";
        assertThat(findings("a: %1$s, b: %1$s, c: %1$s, d: %1$s".formatted(shown)))
                .anyMatch(f -> f.contains("partitions.d.hybrid: is one too many; allowed: at most 3"));
        assertThat(findings("a: {size: 1M, hybrid: {mbrPartitionType: '0xee'}}"))
                .anyMatch(f -> f.contains("mbrPartitionType: found '0xee'"));
    }

    @Test
    void swapFilesNeedAPlace() {
        assertThat(findings("a: {content: {type: btrfs, swap: {s: {size: 1G}}}}"))
                .anyMatch(f -> f.contains("content.swap: found swap files; allowed: none without a mountpoint"));
        assertThat(findings("a: {content: {type: btrfs, subvolumes: {v: {swap: {s: {size: 1G, path: ../x}}}}}}"))
                .anyMatch(f -> f.contains("subvolumes.v.swap.s.path: found '../x'"));
        assertThat(findings("a: {content: {type: btrfs, subvolumes: {v: {swap: {s: {size: 1G}}}}}}"))
                .anyMatch(f -> f.contains("subvolumes.v.swap: found swap files"));
    }

    @ParameterizedTest
    @CsvSource({
        "/a, a, is already used",
        "a, '/b,c', without blanks",
        "a, b/../c, without blanks",
        "a, '/b c', without blanks"
    })
    void subvolumesHaveOneNameEach(String one, String other, String words) {
        assertThat(findings("p: {content: {type: btrfs, subvolumes: {\"%s\": {}, \"%s\": {}}}}".formatted(one, other)))
                .anyMatch(f -> f.contains(words));
    }

    @ParameterizedTest
    @CsvSource({"500G,500000000000", "1.8T,1800000000000", "465Gi,499289948160", "1024,1024", "2k,2000", "1KiB,1024"})
    void amounts(String text, long bytes) {
        assertThat(Bytes.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"''", "G", "-1G", "'1,5G'", "1 G", "1X", "99999999999999999E", "1i"})
    void noAmounts(String text) {
        assertThat(Bytes.parse(text)).isNull();
    }

    @Test
    void wordsAreSplitAndNothingIsExpanded() {
        assertThat(Words.split("--pbkdf argon2id")).containsExactly("--pbkdf", "argon2id");
        assertThat(Words.split("--label='my disk' \"a \\\" b\" $HOME ''"))
                .containsExactly("--label=my disk", "a \" b", "$HOME", "");
        assertThat(Words.split("  ")).isEmpty();
        assertThat(Words.split("'open")).isNull();
    }

    @Test
    void theHashIsOfTheMeaning() {
        String a = "{disk: {m: {device: /dev/sda, content: {type: filesystem, format: ext4, mountpoint: /}}}}";
        String b = "{disk: {m: {type: disk, destroy: true, content: {mountpoint: /, format: ext4, extraArgs: [],"
                + " mountOptions: [defaults], type: filesystem}, device: /dev/sda, selector: null}}}";
        assertThat(TestLayouts.layout(a).hash())
                .isEqualTo(TestLayouts.layout(b).hash())
                .hasSize(64);
        assertThat(TestLayouts.layout(a.replace("sda", "sdb")).hash())
                .isNotEqualTo(TestLayouts.layout(a).hash());
    }
}
