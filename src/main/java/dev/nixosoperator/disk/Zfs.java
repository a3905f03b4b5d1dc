package dev.nixosoperator.disk;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** disko's {@code zfs}: a member of a pool. */
record Zfs(String owner, Hooks hooks) implements Member {
    private static final Option<String> POOL =
            Option.required("pool", Zpool.NAME_TEXT, "The pool in the map zpool that it belongs to.");

    static final NodeType<Zfs> TYPE = NodeType.content(
            "zfs", "A device of a pool of ZFS.", List.of(POOL), v -> new Zfs(v.get(POOL), Hooks.of(v)));

    @Override
    public String map() {
        return Zpool.MAP;
    }

    /** The pool is made of all its members at once. */
    @Override
    public Stream<Step> create(On on) {
        return Stream.empty();
    }

    @Override
    public Optional<Addition> grow(On on) {
        return Optional.of(Addition.of(
                Step.of(on.title() + ": grow the pool " + owner, Command.of("grow_pool", owner, on.ref())),
                Set.of("zpool", "zfs")));
    }

    /** ZFS makes a table on a whole disk. */
    @Override
    public Set<String> signatures() {
        return Set.of("zfs_member", "gpt");
    }

    @Override
    public String describe() {
        return "member of the pool " + owner;
    }
}
