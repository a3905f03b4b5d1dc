package dev.nixosoperator.disk;

import java.util.List;

/** What stands on several devices of a layout: its members say its name. */
sealed interface Owner permits Mdadm, VolumeGroup {
    /** Its own map in {@code spec.devices}. */
    String map();

    /**
     * The tree of what is on it.
     *
     * @param key in its map
     * @param members in the order in which they are made
     */
    Tree tree(String key, List<On> members);

    /** @param key in its map */
    String name(String key);

    default At at(String key) {
        return At.DEVICES.child(map()).child(key);
    }
}
