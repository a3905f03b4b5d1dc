package dev.nixosoperator.disk;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** disko's {@code mdraid}: a member of an array. */
record Mdraid(String owner, Hooks hooks) implements Member {
    private static final Option<String> NAME =
            Option.required("name", Mdadm.NAME_TEXT, "The array in the map mdadm that it belongs to.");

    static final NodeType<Mdraid> TYPE = NodeType.content(
            "mdraid",
            "A member of an array of Linux' software RAID.",
            List.of(NAME),
            v -> new Mdraid(v.get(NAME), Hooks.of(v)));

    @Override
    public String map() {
        return Mdadm.MAP;
    }

    /** The array is made of all its members at once. */
    @Override
    public Stream<Step> create(On on) {
        return Stream.empty();
    }

    @Override
    public Set<String> signatures() {
        return Set.of("linux_raid_member", "ddf_raid_member", "isw_raid_member");
    }

    @Override
    public String describe() {
        return "member of the array " + owner;
    }
}
