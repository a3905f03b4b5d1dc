package dev.nixosoperator.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
}
