package dev.nixosoperator.disk;

import dev.nixosoperator.disk.ContentKind.Place;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a disk, partition or container holds. A type's file knows all about it; it describes only its own part, the walk through the tree
 * ({@link Tree}) joins the parts. To add a type: its file, its name here in {@code permits} and in {@link #at}.
 */
sealed interface Content permits Gpt, Table, Filesystem, Btrfs, Luks, Swap, Member, Owned, Dataset, NoDev.Mounted {

    /** The types that disko allows at a place, without those that cannot work there: partitions on a mapper device get no nodes. */
    static List<NodeType<? extends Content>> at(Place place) {
        return switch (place) {
            case DISK ->
                List.of(
                        Gpt.TYPE,
                        Table.TYPE,
                        Filesystem.TYPE,
                        Btrfs.TYPE,
                        Luks.TYPE,
                        Swap.TYPE,
                        LvmPv.TYPE,
                        Mdraid.TYPE,
                        Zfs.TYPE,
                        Bcachefs.TYPE);
            case ARRAY ->
                List.of(
                        Gpt.TYPE,
                        Filesystem.TYPE,
                        Btrfs.TYPE,
                        Luks.TYPE,
                        Swap.TYPE,
                        LvmPv.TYPE,
                        Mdraid.TYPE,
                        Zfs.TYPE,
                        Bcachefs.TYPE);
            case PARTITION, LUKS ->
                List.of(
                        Filesystem.TYPE,
                        Btrfs.TYPE,
                        Luks.TYPE,
                        Swap.TYPE,
                        LvmPv.TYPE,
                        Mdraid.TYPE,
                        Zfs.TYPE,
                        Bcachefs.TYPE);
            case POOL -> List.of(ZfsFs.TYPE, ZfsVolume.TYPE);
        };
    }

    Hooks hooks();

    /** Rules between options. */
    default void check(On on, Findings findings) {}

    /** What may exist only once in a layout. */
    default Stream<Claim> claims(On on) {
        return Stream.empty();
    }

    default Stream<Tree> children(On on) {
        return Stream.empty();
    }

    /** Steps that bring this node into being if it is missing; the children come after. */
    Stream<Step> create(On on);

    /** What libblkid may call it on its device; empty: that tells nothing. */
    default Set<String> signatures() {
        return Set.of();
    }

    /** How what was seen at its place differs otherwise. */
    default void differs(On on, Spot spot, Differences differences) {}

    /** Takes the room that its device has gained, while it is in use; empty: it cannot. */
    default Optional<Addition> grow(On on) {
        return Optional.empty();
    }

    /** Places in it that are mounted and never written to. */
    default Stream<At> preserves(On on) {
        return Stream.empty();
    }

    /** How it is switched on and off again. */
    default Stream<Activation> activate(On on) {
        return Stream.empty();
    }

    /**
     * What a look at a file inside this takes, without a write to the disk; what is opened for it, the unmount script closes.
     *
     * @param path of the file in the installed system
     */
    default Stream<Step> look(On on, String path) {
        return Stream.empty();
    }

    default Stream<Setting> nixos(On on) {
        return Stream.empty();
    }

    /** Files on the installer with key material; {@code mount} needs the first, {@code format} all. */
    default List<KeyFile> keyFiles() {
        return List.of();
    }

    /** Programs that the scripts run for this node, beyond those that every script needs. */
    Set<String> tools();

    /** The wanted state in a few words, such as {@code ext4 → /home}. */
    String describe();

    /** For the plan, one line a partition. */
    default Stream<String> lines(On on) {
        return Stream.of(describe());
    }

    /** Bytes that it needs at least; 0 = not known. */
    default long minimumBytes() {
        return 0;
    }

    /** Bytes that {@code child} gets of {@code mine}, at most. */
    default long bytesFor(Content child, long mine) {
        return mine;
    }

    /** To mount it runs a program of the layout's choice, which the plan cannot tell. */
    default boolean runsPrograms() {
        return false;
    }

    /** As the installed system sees them. */
    default Stream<String> swapFiles() {
        return Stream.empty();
    }

    /** Absolute paths where this is mounted. */
    default List<String> mountPoints() {
        return List.of();
    }

    /** What is written to it outlives a reboot. */
    default boolean lasts() {
        return true;
    }

    /** Path in the installed system of what a bind mount shows; null = it is none. */
    default @Nullable String shows() {
        return null;
    }

    /** Paths of other devices of the layout that it takes for itself; they must be there before. */
    default List<String> members() {
        return List.of();
    }

    /** Paths of the devices it makes and leaves raw: they may be members of what comes later. */
    default Stream<String> leavesRaw(On on) {
        return Stream.empty();
    }
}
