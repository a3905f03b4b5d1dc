package dev.nixosoperator.disk;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** disko's {@code lvm_pv}: a physical volume. */
record LvmPv(String owner, Hooks hooks) implements Member {
    private static final Option<String> VG =
            Option.required("vg", VolumeGroup.NAME_TEXT, "The volume group in the map lvm_vg that it belongs to.");

    static final NodeType<LvmPv> TYPE = NodeType.content(
            "lvm_pv", "A physical volume of LVM.", List.of(VG), v -> new LvmPv(v.get(VG), Hooks.of(v)));

    @Override
    public String map() {
        return VolumeGroup.MAP;
    }

    @Override
    public Stream<Step> create(On on) {
        return Stream.of(Step.of(on.title() + ": physical volume", Command.of("make_pv", on.ref(), owner)));
    }

    @Override
    public Optional<Addition> grow(On on) {
        return Optional.of(Addition.of(
                Step.of(on.title() + ": grow the physical volume", Command.of("grow_pv", on.ref())),
                Set.of("pvresize")));
    }

    @Override
    public Set<String> signatures() {
        return Set.of("LVM2_member");
    }

    @Override
    public String describe() {
        return "physical volume of the volume group " + owner;
    }
}
