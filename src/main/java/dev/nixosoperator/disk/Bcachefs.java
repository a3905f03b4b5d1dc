package dev.nixosoperator.disk;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** disko's {@code bcachefs}: a member of a bcachefs file system. */
record Bcachefs(String owner, String label, List<String> extraFormatArgs, Hooks hooks) implements Member {
    private static final Option<String> FILESYSTEM = Option.required(
            "filesystem",
            BcachefsFilesystem.NAME_TEXT,
            "The file system in the map bcachefs_filesystems that it belongs to.");
    private static final Option<String> LABEL = Option.withDefault(
            "label",
            new Kinds.Text("[A-Za-z0-9._-]*", 64, "letters, digits and ._-"),
            "",
            "Label of the device, by which bcachefs groups them: group.name.");
    private static final Option<List<String>> EXTRA_FORMAT_ARGS = Option.withDefault(
            "extraFormatArgs",
            Kind.list(Kinds.ARGUMENT, 64),
            List.of(),
            "More arguments of bcachefs format for this device, each element one of them.");

    static final NodeType<Bcachefs> TYPE = NodeType.content(
            "bcachefs",
            "A device of a bcachefs file system.",
            List.of(FILESYSTEM, LABEL, EXTRA_FORMAT_ARGS),
            v -> new Bcachefs(v.get(FILESYSTEM), v.get(LABEL), v.get(EXTRA_FORMAT_ARGS), Hooks.of(v)));

    @Override
    public String map() {
        return BcachefsFilesystem.MAP;
    }

    @Override
    public void check(On on, Findings findings) {
        Words.noDevices(EXTRA_FORMAT_ARGS, extraFormatArgs, on.at(), findings);
        Words.noEnd(EXTRA_FORMAT_ARGS, extraFormatArgs, on.at(), findings);
    }

    /** The file system is made of all its members at once. */
    @Override
    public Stream<Step> create(On on) {
        return Stream.empty();
    }

    /** What {@code bcachefs format} is told of it. */
    Stream<String> formatArgs() {
        return Stream.concat(Stream.of("--label=" + label), extraFormatArgs.stream());
    }

    @Override
    public Set<String> signatures() {
        return Set.of("bcachefs");
    }

    @Override
    public String describe() {
        return "member of the bcachefs " + owner;
    }
}
