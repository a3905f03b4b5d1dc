package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutTest {
    static final String SIMPLE =
            """
            {"disk": {"main": {"device": "/dev/disk/by-id/some-disk-id", "content": {"type": "gpt", "partitions": {
              "ESP": {"type": "EF00", "size": "500M", "content": {"type": "filesystem", "format": "vfat",
                "mountpoint": "/boot", "mountOptions": ["umask=0077"]}},
              "root": {"size": "100%", "content": {"type": "filesystem", "format": "ext4", "mountpoint": "/"}}}}}}}
            """;

    @Test
    void readsALayout() {
        Layout layout = TestLayouts.layout(SIMPLE);
        assertThat(layout.mountPoints()).containsExactly("/", "/boot");
        assertThat(layout.keyFiles()).isEmpty();
        assertThat(layout.disks())
                .containsExactly(new Layout.LogicalDisk("main", "/dev/disk/by-id/some-disk-id", null));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    passwordFile: /k                                            | secret        | true
                    passwordFile: /k                                            | '\\n\\n'  | false
                    passwordFile: /k                                            | ''            | false
                    keyFile: /k                                                 | '\\n'       | true
                    keyFile: /k                                                 | ''            | false
                    settings: {keyFile: /k, keyFileOffset: 2}                   | abc           | true
                    settings: {keyFile: /k, keyFileOffset: 3}                   | abc           | false
                    settings: {keyFile: /k, keyFileOffset: 1, keyFileSize: 2}   | abc           | true
                    settings: {keyFile: /k, keyFileOffset: 3}                   | abcd          | true
                    settings: {keyFile: /k, keyFileOffset: 2, keyFileSize: 2}   | abc           | false
                    settings: {keyFile: /k, keyFileOffset: 9223372036854775807} | abc           | false
                    """)
    void aKeyFileHoldsTheKey(String key, String file, boolean holds) {
        Layout layout = TestLayouts.layout(
                "{disk: {a: {device: /dev/vda, content: {type: luks, name: c, %s, content: {type: filesystem, format: ext4, mountpoint: /}}}}}"
                        .formatted(key));
        byte[] bytes = file.translateEscapes().getBytes(StandardCharsets.UTF_8);
        assertThat(layout.keyFiles()).singleElement().satisfies(wanted -> assertThat(wanted.isIn(bytes))
                .isEqualTo(holds));
    }

    /** On a disk a of 64 GiB and a disk b of the same size. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a whole disk               | 64G  | a: {device: /dev/vda, content: ROOT}
                    inside LUKS                | 20G  | a: {device: /dev/vda, content: {type: gpt, partitions: {r: {size: 20G, content: {type: luks, name: c, keyFile: /k, content: ROOT}}}}}
                    a size                     | 20G  | a: {device: /dev/vda, content: {type: gpt, partitions: {r: {size: 20G, content: ROOT}}}}
                    the rest                   | 60G  | a: {device: /dev/vda, content: {type: gpt, partitions: {o: {size: 4G}, r: {size: 100%, content: ROOT}}}}
                    up to an end               | 30G  | a: {device: /dev/vda, content: {type: gpt, partitions: {r: {end: 30G, content: ROOT}}}}
                    up to before the end       | 54G  | a: {device: /dev/vda, content: {type: gpt, partitions: {r: {end: -10G, content: ROOT}}}}
                    a file system of its own   | 8G   | {a: {device: /dev/vda, content: ROOT}, b: {device: /dev/vdb, content: {type: gpt, partitions: {n: {size: 8G, content: NIX}}}}}
                    a subvolume                | 20G  | a: {device: /dev/vda, content: {type: gpt, partitions: {r: {size: 20G, content: {type: btrfs, subvolumes: {nix: {mountpoint: /nix}, r: {mountpoint: /}}}}}}}
                    btrfs on two disks         | 128G | {a: {device: /dev/vda, content: {type: gpt, partitions: {m: {}}}}, b: {device: /dev/vdb, content: {type: btrfs, extraArgs: [/dev/disk/by-partlabel/disk-a-m], mountpoint: /}}}
                    a root in memory           | 8G   | {a: {device: /dev/vda, content: {type: gpt, partitions: {n: {size: 8G, content: NIX}}}}}, nodev: {/: {fsType: tmpfs}}
                    by way of a bind mount     | 8G   | {a: {device: /dev/vda, content: {type: gpt, partitions: {n: {size: 8G, content: KEEP}}}}}, nodev: {/: {fsType: tmpfs}, /nix: {fsType: none, device: /keep/nix, mountOptions: [bind]}}
                    of /nix/var                | 64G  | {a: {device: /dev/vda, content: ROOT}, b: {device: /dev/vdb, content: {type: gpt, partitions: {n: {size: 8G, content: VAR}}}}}
                    """)
    void tellsTheRoomForTheStore(String what, String room, String disks) {
        String tree = "{disk: " + (disks.startsWith("{") ? disks : "{" + disks + "}") + "}";
        Layout layout = TestLayouts.layout(tree.replace("ROOT", "{type: filesystem, format: ext4, mountpoint: /}")
                .replace("NIX", "{type: filesystem, format: ext4, mountpoint: /nix}")
                .replace("KEEP", "{type: filesystem, format: ext4, mountpoint: /keep}")
                .replace("VAR", "{type: filesystem, format: ext4, mountpoint: /nix/var}"));
        assertThat(layout.storeBytes(Map.of("a", TestFacts.empty("vda"), "b", TestFacts.empty("vdb"))))
                .as(what)
                .isEqualTo(Sectors.bytes(room));
    }
}
