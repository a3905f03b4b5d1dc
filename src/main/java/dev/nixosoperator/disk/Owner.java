package dev.nixosoperator.disk;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands on several devices of a layout: its members say its name. */
sealed interface Owner permits BcachefsFilesystem, Mdadm, VolumeGroup, Zpool {
    /** Its own map in {@code spec.devices}. */
    String map();

    /**
     * The tree of what is on it.
     *
     * @param key in its map
     * @param members in the order in which they are made
     */
    Tree tree(String key, List<Tree> members);

    /** Null = the key. */
    @Nullable
    String givenName();

    /** The type that its members have. */
    NodeType<? extends Member> member();

    /** @param key in its map */
    default String name(String key) {
        String given = givenName();
        return given == null ? key : given;
    }

    default At at(String key) {
        return At.DEVICES.child(map()).child(key);
    }
}
