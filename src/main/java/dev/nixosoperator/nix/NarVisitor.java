package dev.nixosoperator.nix;

/** Is told what is in an archive, in its order. The root has the empty name; names and targets are any bytes but NUL. */
interface NarVisitor {
    default void directory(byte[] name) {}

    /** The end of the directory that was told last and has not ended. */
    default void endOfDirectory() {}

    /**
     * Its content follows.
     *
     * @param size bytes
     */
    default void file(byte[] name, boolean executable, long size) {}

    /**
     * The next bytes of the file.
     *
     * @param buffer for this call only
     */
    default void content(byte[] buffer, int size) {}

    default void link(byte[] name, byte[] target) {}
}
