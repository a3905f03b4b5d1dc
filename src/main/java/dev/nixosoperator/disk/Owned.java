package dev.nixosoperator.disk;

import java.util.List;

/** The outermost content of an {@link Owner}, with its members found. */
sealed interface Owned extends Content permits BcachefsFilesystem.Whole, Mdadm.Array, VolumeGroup.Group, Zpool.Pool {
    /** In the order in which they are made. */
    List<On> standsOn();

    @Override
    default List<String> members() {
        return standsOn().stream().map(On::path).toList();
    }

    /** How the scripts name the members. */
    default List<String> refs() {
        return standsOn().stream().map(On::ref).toList();
    }
}
