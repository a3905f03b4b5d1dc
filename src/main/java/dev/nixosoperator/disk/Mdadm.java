package dev.nixosoperator.disk;

import dev.nixosoperator.disk.Activation.Stage;
import dev.nixosoperator.disk.ContentKind.Place;
import dev.nixosoperator.disk.Inside.ArrayState;
import dev.nixosoperator.disk.Kinds.Choice;
import dev.nixosoperator.disk.Kinds.Int;
import dev.nixosoperator.disk.Kinds.Text;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * disko's {@code mdadm}: an array of Linux' software RAID. Unlike with disko the mount script assembles it, of exactly its members.
 *
 * @param givenName null = the key
 */
record Mdadm(
        @Nullable String givenName,
        long level,
        String metadata,
        List<String> extraArgs,
        @Nullable Content content,
        Hooks hooks)
        implements Owner {

    static final String MAP = "mdadm";
    /** Arrays are made for any host. */
    private static final String BY_NAME = "/dev/disk/by-id/md-name-any:";

    /** mdadm keeps 32 bytes of it, "any:" included. */
    static final Text NAME_TEXT =
            new Text("[A-Za-z0-9_][A-Za-z0-9._-]*", 28, "a name of at most 28 letters, digits and ._-");

    /** The levels that can lose a disk or are made of several, with the members that mdadm wants at least. */
    private static final Map<Long, Integer> LEVELS = Map.of(0L, 1, 1L, 1, 4L, 2, 5L, 2, 6L, 4, 10L, 2);

    private static final Option<String> NAME =
            Option.optional("name", NAME_TEXT, "Name below /dev/md. Default: the key.");
    private static final Option<Long> LEVEL =
            Option.withDefault("level", new Int(0, 10), 1L, "RAID level: 0, 1, 4, 5, 6 or 10.");
    private static final Option<String> METADATA = Option.withDefault(
            "metadata",
            new Choice(List.of("1", "1.0", "1.1", "1.2", "default", "ddf", "imsm")),
            "default",
            "Format of the metadata; firmware and boot loaders read an ESP only with 1.0, which stands at the end.");
    private static final Option<List<String>> EXTRA_ARGS = Option.withDefault(
            "extraArgs",
            Kind.list(Kinds.ARGUMENT, 64),
            List.of(),
            "More arguments of mdadm --create, each element one of them.");
    private static final Option<Content> CONTENT =
            Option.optional("content", new ContentKind(Place.ARRAY), "What is on it; absent = left raw.");

    static final NodeType<Mdadm> TYPE = new NodeType<>(
            MAP,
            false,
            "An array of Linux' software RAID. In the map mdadm.",
            Stream.concat(Stream.of(NAME, LEVEL, METADATA, EXTRA_ARGS, CONTENT), Hooks.OPTIONS.stream())
                    .toList(),
            v -> new Mdadm(
                    v.find(NAME), v.get(LEVEL), v.get(METADATA), v.get(EXTRA_ARGS), v.find(CONTENT), Hooks.of(v)));

    @Override
    public String map() {
        return MAP;
    }

    @Override
    public NodeType<? extends Member> member() {
        return Mdraid.TYPE;
    }

    @Override
    public Tree tree(String key, List<Tree> members) {
        String name = name(key);
        String node = "/dev/md/" + name;
        return new Tree(
                new On(at(key), node, node, "array " + name, "mdadm-" + name),
                new Array(this, name, Tree.places(members)));
    }

    /** With its members. */
    record Array(Mdadm spec, String name, List<On> standsOn) implements Owned {
        @Override
        public Hooks hooks() {
            return spec.hooks().with(NAME.name(), name);
        }

        @Override
        public void check(On on, Findings findings) {
            NAME_TEXT.read(Json.of(name), on.at().child(NAME.name()), findings);
            Words.noDevices(EXTRA_ARGS, spec.extraArgs(), on.at(), findings);
            Integer least = LEVELS.get(spec.level());
            if (least == null) {
                findings.add(on.at().child(LEVEL.name()), "found " + spec.level() + "; allowed: 0, 1, 4, 5, 6, 10");
            } else if (!standsOn.isEmpty() && standsOn.size() < least) {
                findings.add(
                        on.at(),
                        "has " + standsOn.size() + (standsOn.size() == 1 ? " member" : " members") + "; level "
                                + spec.level() + " needs " + least);
            }
        }

        @Override
        public Stream<Claim> claims(On on) {
            return Stream.of(new Claim(on.at(), "array name", name));
        }

        @Override
        public Stream<Tree> children(On on) {
            Content content = spec.content();
            if (content == null) {
                return Stream.empty();
            }
            var inside = new On(
                    on.at().child(CONTENT.name()),
                    on.ref(),
                    on.device(),
                    on.title(),
                    on.owner(),
                    BY_NAME + name + "-part");
            return Stream.of(new Tree(inside, content));
        }

        @Override
        public Stream<Step> create(On on) {
            return Stream.of(Step.of(
                    on.title(),
                    Command.of("make_array", name, Long.toString(spec.level()), spec.metadata())
                            .with(refs())
                            .with(List.of("--"))
                            .with(spec.extraArgs())));
        }

        @Override
        public Stream<Activation> activate(On on) {
            return Stream.of(new Activation(
                    Stage.DEVICE,
                    "",
                    on.title(),
                    Command.of("array_on", name, "-").with(refs()),
                    Command.of("array_off", name).with(refs())));
        }

        /** udev names no array of firmware. */
        @Override
        public void differs(On on, Spot spot, Differences differences) {
            if (Set.of("ddf", "imsm").contains(spec.metadata())) {
                differences.unseen();
                return;
            }
            spot.inside()
                    .at(BY_NAME + name)
                    .filter(array -> spot.holders().stream()
                            .anyMatch(holder -> holder.kernelName().equals(array.kernelName())))
                    .ifPresentOrElse(
                            array -> differs(on, Spot.of(array, spot.inside()), array.kernelName(), differences),
                            () -> differences.add(on.at(), "is not on the machine, or not assembled"));
        }

        private void differs(On on, Spot array, String kernelName, Differences differences) {
            ArrayState state = array.inside().arrays().get(kernelName);
            if (state == null) {
                differences.unseen();
            } else {
                compare(on, state, differences);
            }
            var inside = new Differences();
            children(on).forEach(content -> Drift.content(content, array, inside));
            Step seen = Step.of(
                    "see the " + on.title(), Command.of("see_array", name).with(refs()));
            differences.addAll(inside, Addition.of(seen, Set.of()));
        }

        private void compare(On on, ArrayState state, Differences differences) {
            if (!state.level().equals("raid" + spec.level())) {
                differences.add(
                        on.at().child(LEVEL.name()),
                        "is " + state.level() + " on the machine; the layout says raid" + spec.level());
            }
            if (state.members() != standsOn.size()) {
                differences.add(
                        on.at(), "is made for " + state.members() + " members; the layout has " + standsOn.size());
            }
            if (state.missing() > 0) {
                differences.add(
                        on.at(), "is degraded: " + state.missing() + " of " + state.members() + " members are missing");
            }
        }

        @Override
        public Stream<Step> look(On on, String path) {
            return Stream.of(Step.of(
                    "assemble the " + on.title() + " for reading",
                    Command.of("array_on", name, "readonly").with(refs())));
        }

        @Override
        public Stream<Setting> nixos(On on) {
            return Stream.of(new Setting.SoftwareRaid());
        }

        @Override
        public Set<String> tools() {
            return Set.of("mdadm");
        }

        @Override
        public String describe() {
            Content content = spec.content();
            return "array " + name + " of level " + spec.level() + ": "
                    + (content == null ? "raw" : content.describe());
        }

        @Override
        public Stream<String> leavesRaw(On on) {
            return spec.content() == null ? Stream.of(on.path()) : Stream.empty();
        }
    }
}
