package dev.nixosoperator.disk;

/** Something of which a layout may have only one, such as a mount point. */
record Claim(At at, String kind, String value) {
    /** LUKS and LVM put their devices into one directory. */
    static Claim mapper(At at, String name) {
        return new Claim(at, "name below /dev/mapper", name);
    }
}
