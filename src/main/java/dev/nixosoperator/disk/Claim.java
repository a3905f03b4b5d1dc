package dev.nixosoperator.disk;

/** Something of which a layout may have only one, such as a mount point. */
record Claim(At at, String kind, String value) {}
